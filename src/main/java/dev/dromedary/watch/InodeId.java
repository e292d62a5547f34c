package dev.dromedary.watch;

/** Identifies a file, whatever its names: st_dev, in any notation that distinguishes devices, and st_ino of stat(2). */
record InodeId(long device, long number) {
}
