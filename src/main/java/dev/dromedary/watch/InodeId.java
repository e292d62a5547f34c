package dev.dromedary.watch;

/** Which file it is, whatever its names: st_dev, in any notation that tells devices apart, and st_ino of stat(2). */
record InodeId(long device, long number) {
}
