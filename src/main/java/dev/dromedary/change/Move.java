package dev.dromedary.change;

/**
 * Something that was moved, and that a target still has under its old path. What has to be sent because of the move is in {@link #entries},
 * so that the move is a hint and never the truth.
 *
 * @param from    the path at the target
 * @param to      the current path
 * @param folder  whether it is a folder, with all that is in it
 * @param certain whether a target has under the old path what was there when it was moved, and nothing under the new one, so that size and
 *                time tell which files are the same
 * @param entries what is pending: that the old path is gone, the new path, and the folders below it; not to be changed
 */
public record Move(String from, String to, boolean folder, boolean certain, ChangeSet entries) {

    /** A move that nothing speaks against so far. */
    public Move(String from, String to, boolean folder, ChangeSet entries) {
        this(from, to, folder, true, entries);
    }

    public Move certain(boolean is) {
        return new Move(from, to, folder, is, entries);
    }

    /** The path that something had before this move, if it is what was moved or lies below it; null otherwise. */
    String before(String path) {
        return RawPath.isAt(path, to) ? from + path.substring(to.length()) : null;
    }
}
