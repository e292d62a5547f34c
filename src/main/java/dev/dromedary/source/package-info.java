/** The source as it is now: is it the one that we know, what is there, what is mounted below it. */
package dev.dromedary.source;
