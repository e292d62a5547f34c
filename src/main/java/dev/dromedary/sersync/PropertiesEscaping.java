package dev.dromedary.sersync;

/** How texts of the file are shown, and which of them a configuration can hold. */
final class PropertiesEscaping {

    private PropertiesEscaping() {
    }

    /** {@return the text as it is written in a properties file, of which nobody knows in which encoding it will be read} */
    static String ascii(String text) {
        StringBuilder written = new StringBuilder(text.length());
        for (char c : text.toCharArray()) {
            if (c >= ' ' && c < 127) {
                written.append(c);
            } else {
                escape(written, c);
            }
        }
        return written.toString();
    }

    private static void escape(StringBuilder to, int codePoint) {
        for (char c : Character.toChars(codePoint)) {
            to.append(String.format("\\u%04x", (int) c));
        }
    }

    /** {@return what keeps the text from being a value of the configuration, or {@code null}} */
    static String problem(String text) {
        return text.codePoints().anyMatch(Character::isISOControl) ? "it holds a control character"
                : text.contains("{{") || text.contains("}}") ? "it holds {{ or }}, which is Camel's mark of a placeholder"
                : null;
    }

    /** {@return a name of letters, digits, "-" and "_" that is as near as can be; the other if nothing is left} */
    static String name(String text, String other) {
        String name = text.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
        return name.isEmpty() ? other : name;
    }
}
