package dev.dromedary.change;

/** What a reconcile owes. */
public final class WholeTreeChange {

    /** The whole of a source, since now. */
    public ChangeSet now() {
        return ChangeSet.wholeTree();
    }

    /** The same, compared by content. */
    public ChangeSet byContent() {
        return ChangeSet.wholeTree().byContent(true);
    }
}
