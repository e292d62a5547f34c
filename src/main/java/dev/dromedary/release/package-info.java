/** Targets that get whole releases, shown at once and rolled back. */
package dev.dromedary.release;
