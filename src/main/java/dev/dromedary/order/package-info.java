/** Delays the paths that the configuration sends last, and deletions, until everything before them has arrived. */
package dev.dromedary.order;
