/** Two processes with the same mirrors, of which one leads. */
package dev.dromedary.pair;
