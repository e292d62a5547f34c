package dev.dromedary.watch;

import java.nio.file.Path;

import dev.dromedary.filter.PathFilter;

/**
 * How a source is watched; all times in milliseconds.
 *
 * @param by       by which of the kernel's ways
 * @param filter   what is left out: neither watched nor told
 * @param window   how long a change waits at most for others to come
 * @param settle   how many microseconds without a further change end the window early
 * @param maxDelay after how long a file that stays open for writing is owed
 * @param poll     how often what can't be watched is owed as a whole, and how often the watch proves that it is alive
 * @param cookies  the folder in which it proves that, outside of the source; null for no proof
 * @param hardLinks what is owed of a file with several names
 * @param behindLinks whether a link to a folder is owed with what is in there, as a target copies that
 */
record WatchOptions(WatchMethod by, PathFilter filter, long window, long settle, long maxDelay, long poll, Path cookies,
        HardLinkMode hardLinks, boolean behindLinks) {
}
