/** Steady time, and what is done when the system's clock is set. */
package dev.dromedary.clock;
