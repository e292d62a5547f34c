/** The current state of the source: whether it is the expected one, what it contains, what is mounted below it. */
package dev.dromedary.source;
