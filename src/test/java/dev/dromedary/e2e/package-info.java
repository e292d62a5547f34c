/** What a user may rely on, each against the packaged jar and, unless said otherwise, a real rsync daemon. */
package dev.dromedary.e2e;
