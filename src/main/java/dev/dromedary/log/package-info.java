/** How the log is written, and that no password gets into it. */
package dev.dromedary.log;
