/** What is told to others: before and after a run, and on a failure. */
package dev.dromedary.hook;
