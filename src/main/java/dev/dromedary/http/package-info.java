/** The HTTP server: who is let in, what its answers carry, how many may be connected. What it serves is in {@code status}. */
package dev.dromedary.http;
