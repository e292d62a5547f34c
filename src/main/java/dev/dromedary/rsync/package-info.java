/** One run of rsync: its list, its arguments, the guards before it, its output and the classification of its outcome. */
package dev.dromedary.rsync;
