package dev.dromedary.config;

/** One line of the configuration: a key and its value without the blanks around it. */
record ConfigLine(String key, String value) {

    boolean isBlank() {
        return value.isEmpty();
    }
}
