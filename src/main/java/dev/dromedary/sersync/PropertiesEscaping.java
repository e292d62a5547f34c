package dev.dromedary.sersync;

/** Escapes texts from the file, and checks which of them a configuration can hold. */
final class PropertiesEscaping {

    private PropertiesEscaping() {
    }

    /** {@return the text as written in a properties file that may be read in any encoding} */
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

    /** {@return why the text can't be a value of the configuration; {@code null} if it can} */
    static String problem(String text) {
        return text.codePoints().anyMatch(Character::isISOControl) ? "it holds a control character"
                : text.contains("{{") || text.contains("}}") ? "it holds {{ or }}, which is Camel's mark of a placeholder"
                : null;
    }

    /** {@return a similar name of letters, digits, "-" and "_"; the other name if nothing is left} */
    static String name(String text, String other) {
        String name = text.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
        return name.isEmpty() ? other : name;
    }
}
