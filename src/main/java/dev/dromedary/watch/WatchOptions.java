package dev.dromedary.watch;

import java.nio.file.Path;

import dev.dromedary.filter.PathFilter;

/**
 * The options of a watch. Times are in milliseconds unless stated otherwise.
 *
 * @param by          the kernel's mechanism
 * @param filter      what is excluded: neither watched nor reported
 * @param window      the maximum time that a change waits for others
 * @param settle      the time in microseconds without a further change that ends a window early
 * @param maxDelay    after what time a file that stays open for writing is enqueued
 * @param poll        the interval at which what can't be watched is enqueued as a whole, and of the heartbeat of the watch
 * @param cookies     the folder for the heartbeat, outside of the source; null for no heartbeat
 * @param hardLinks   which names of a file with several names are enqueued
 * @param behindLinks whether a link to a folder is enqueued with the content of that folder, for targets that copy the content
 */
record WatchOptions(WatchMethod by, PathFilter filter, long window, long settle, long maxDelay, long poll, Path cookies,
        HardLinkMode hardLinks, boolean behindLinks) {
}
