/** Formats words and numbers for people. */
package dev.dromedary.text;
