/**
 * Starts Java: {@code java -jar} restarts itself in the same process with options that halve its start time and its memory. Nothing in this
 * package needs Camel, because everything that it loads is thrown away.
 */
package dev.dromedary.jvm;
