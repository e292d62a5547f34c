/** What could not be sent, as files; and what is pending, over restarts. */
package dev.dromedary.deadletter;
