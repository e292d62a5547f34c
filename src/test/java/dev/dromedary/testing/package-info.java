/**
 * What the tests are made with: scratch folders, a real rsync daemon, a real sshd, a real broker of Kafka, and the packaged jar as
 * a process.
 */
package dev.dromedary.testing;
