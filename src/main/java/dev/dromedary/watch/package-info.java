/** What the kernel tells of a source, by inotify or fanotify, made into changes. */
package dev.dromedary.watch;
