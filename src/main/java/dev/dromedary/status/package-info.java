/** Everything that users can query or request: status, page, metrics, health, explain, wait, actions on targets. */
package dev.dromedary.status;
