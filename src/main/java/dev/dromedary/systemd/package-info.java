/** Notifies systemd of the state of the service. */
package dev.dromedary.systemd;
