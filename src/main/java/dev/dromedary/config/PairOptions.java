package dev.dromedary.config;

import java.nio.file.Path;

/**
 * By what two processes know which of them leads; just one of the two is set.
 *
 * @param folder  that both see and may write to, for a lock; absolute
 * @param service the name of a bean that is a cluster service of Camel
 */
public record PairOptions(Path folder, String service) {
}
