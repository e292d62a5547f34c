package dev.dromedary.change;

/** Supplies the changes that a reconcile enqueues. */
public final class WholeTreeChange {

    /** The whole tree of a source, pending since now. */
    public ChangeSet now() {
        return ChangeSet.ofWholeTree();
    }

    /** The whole tree, to be compared by content. */
    public ChangeSet byContent() {
        return ChangeSet.ofWholeTree().byContent(true);
    }
}
