/** Changes as plain data: paths, each with how much of it is pending. */
package dev.dromedary.change;
