package dev.dromedary.change;

/** What a reconcile owes. */
public final class WholeTree {

    /** The whole of a source, since now. */
    public ChangeSet now() {
        return ChangeSet.wholeTree();
    }
}
