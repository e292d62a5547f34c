/** One run of rsync: its list, its arguments, the guards before it, what it said, and what that means. */
package dev.dromedary.rsync;
