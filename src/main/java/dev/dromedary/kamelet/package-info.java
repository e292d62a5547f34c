/** Support classes of the two kamelets. */
package dev.dromedary.kamelet;
