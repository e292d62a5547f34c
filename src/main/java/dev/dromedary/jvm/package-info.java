/**
 * How Java is started: {@code java -jar} begins once more in its own place, with what lets it start in half the time and take half the
 * memory. Nothing here needs Camel, as all that it loads is thrown away.
 */
package dev.dromedary.jvm;
