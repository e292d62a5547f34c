package testbed;

/** What is compared: Dromedary in some configurations, and the others. The order is that of tables. */
public enum Contender {

    DROMEDARY("dromedary"),
    NEWEST("dromedary, newest Java"),
    SSH("dromedary, over ssh"),
    LOCAL("dromedary, local target"),
    FANOTIFY("dromedary, by fanotify"),
    FAR("dromedary, far away"),
    TUNED("lsyncd tuned"),
    DIRECT("lsyncd direct, local target"),
    FAR_TUNED("lsyncd tuned, far away"),
    MANUAL("lsyncd manual"),
    LOOP("inotifywait loop"),
    FLOOR("floor");

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    /** {@return its name in tables} */
    public String label() {
        return label;
    }

    public boolean isDromedary() {
        return ordinal() <= FAR.ordinal();
    }

    boolean isLsyncd() {
        return this == TUNED || this == DIRECT || this == FAR_TUNED || this == MANUAL;
    }

    boolean isLocal() {
        return this == LOCAL || this == DIRECT;
    }

    boolean isFar() {
        return this == FAR || this == FAR_TUNED;
    }

    /** {@return whether it takes part in the first round only: its delays would be most of the time, and its figures are far from all others} */
    public boolean isFirstRoundOnly() {
        return this == MANUAL || this == LOOP;
    }
}
