/** Keeps what could not be sent in files, and what is pending across restarts. */
package dev.dromedary.deadletter;
