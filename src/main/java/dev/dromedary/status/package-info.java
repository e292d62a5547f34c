/** What is shown and what may be asked for: status, page, metrics, health, explain, wait, actions on targets. */
package dev.dromedary.status;
