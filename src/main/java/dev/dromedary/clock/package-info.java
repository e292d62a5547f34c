/** Time that goes on evenly, and what is done when the system's clock does not. */
package dev.dromedary.clock;
