/** The HTTP server: access control, the headers of its answers, and the limit of connections. What it serves is in {@code status}. */
package dev.dromedary.http;
