/** The hosts of mirrors whose targets come and go with them. */
package dev.dromedary.hosts;
