package dev.dromedary.config;

import java.nio.file.Path;

/**
 * How two processes determine which of them leads; exactly one of the two values is set.
 *
 * @param folder  a folder for a lock, which both can see and write to; absolute
 * @param service the bean name of a Camel cluster service
 */
public record PairOptions(Path folder, String service) {
}
