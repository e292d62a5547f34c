/** Hooks and notifications: before and after a run, and on a failure. */
package dev.dromedary.hook;
