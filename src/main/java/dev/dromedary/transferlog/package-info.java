/** What was sent and deleted, as files in the state folder. */
package dev.dromedary.transferlog;
