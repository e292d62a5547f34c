/** Check: runs all checks that are possible before a start. */
package dev.dromedary.check;
