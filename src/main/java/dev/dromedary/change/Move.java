package dev.dromedary.change;

/**
 * Something that has another path now, and is at a target by the one it had before. What is owed because of that is in
 * {@link #entries}, so that being moved is a hint and never the truth.
 *
 * @param from    where a target has it
 * @param to      where it is now
 * @param folder  whether it is a folder, with all that is in it
 * @param certain whether a target has under the old path what was there when it was moved, and nothing under the new one, so
 *                that size and time tell which files are the same
 * @param entries what is owed: that the old path is gone, the new one, and the folders below it; not to be changed
 */
public record Move(String from, String to, boolean folder, boolean certain, ChangeSet entries) {

    /** A move of which no more is known. */
    public Move(String from, String to, boolean folder, ChangeSet entries) {
        this(from, to, folder, false, entries);
    }

    public Move certain(boolean is) {
        return new Move(from, to, folder, is, entries);
    }

    /** The path that something had before this move, if it is, or lies below, what was moved; null if it isn't. */
    String before(String path) {
        return RawPath.isAt(path, to) ? from + path.substring(to.length()) : null;
    }
}
