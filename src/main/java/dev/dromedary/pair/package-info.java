/** Two processes with the same mirrors: one leads, the other stands by. */
package dev.dromedary.pair;
