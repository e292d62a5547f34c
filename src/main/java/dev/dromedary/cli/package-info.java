/** The commands that talk to the running program. They start no Camel, and so answer at once. */
package dev.dromedary.cli;
