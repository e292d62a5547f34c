/** Sets up the log, and keeps passwords out of it. */
package dev.dromedary.log;
