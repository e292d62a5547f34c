/** Turns the events that the kernel reports for a source, by inotify or fanotify, into changes. */
package dev.dromedary.watch;
