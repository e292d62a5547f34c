package dev.dromedary.change;

/** What a reconcile owes. */
public final class WholeTreeChange {

    /** The whole of a source, since now. */
    public ChangeSet now() {
        return ChangeSet.ofWholeTree();
    }

    /** The same, compared by content. */
    public ChangeSet byContent() {
        return ChangeSet.ofWholeTree().byContent(true);
    }
}
