/** Which file system lies where. */
package dev.dromedary.mount;
