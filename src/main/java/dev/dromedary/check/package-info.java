/** Check: looks at all that can be known before a start. */
package dev.dromedary.check;
