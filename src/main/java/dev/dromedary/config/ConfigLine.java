package dev.dromedary.config;

/** One line of the configuration: a key, and its value without surrounding blanks. */
record ConfigLine(String key, String value) {

    boolean isBlank() {
        return value.isEmpty();
    }
}
