package dev.dromedary.sersync;

/** The result of converting a part of sersync's configuration. */
enum ElementConversionStatus {
    TAKEN("taken over"),
    NOT_NEEDED("not needed here"),
    NOT_TAKEN("NOT taken over");

    private final String words;

    ElementConversionStatus(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
