package dev.dromedary.change;

/** What a backlog can't know by itself, as it looks at no file. For several threads. */
public interface Aside {

    /** Neither looks for large files nor for dead letters. */
    Aside NOTHING = new Aside() {
        @Override
        public ChangeSet large(ChangeSet changes) {
            return new ChangeSet();
        }

        @Override
        public boolean mayMove() {
            return true;
        }

        @Override
        public boolean deadLettersWait() {
            return false;
        }
    };

    /** The large files among what is owed, each an entry; looks at the source, and so takes its time. */
    ChangeSet large(ChangeSet changes);

    /** Whether what was moved may be moved at the target too: it has all of it under the old path, unless that is owed. */
    boolean mayMove();

    /** Whether something is owed that is not in the backlog. */
    boolean deadLettersWait();
}
