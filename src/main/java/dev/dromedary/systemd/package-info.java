/** Tells systemd how the service stands. */
package dev.dromedary.systemd;
