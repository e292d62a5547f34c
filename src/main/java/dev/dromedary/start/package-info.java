/** Starts Camel with the configuration; runs until stopped, or until all targets are in line (once). */
package dev.dromedary.start;
