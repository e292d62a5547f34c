/** Which file system is mounted where. */
package dev.dromedary.mount;
