/** What the two kamelets need. */
package dev.dromedary.kamelet;
