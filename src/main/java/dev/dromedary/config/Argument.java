package dev.dromedary.config;

/** What a text must be like to travel whole in a quoted argument of a route, and how a text is shown in one line. */
final class Argument {

    private Argument() {
    }

    /** {@return what is wrong with the text, as the rest of a sentence that starts with "it", or {@code null}} */
    static String problem(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            return "holds a control character";
        }
        if (text.indexOf('"') >= 0 && text.indexOf('\'') >= 0) {
            return "holds both ' and \", and there is no way to quote it";
        }
        if (text.contains("{{") || text.contains("}}")) {
            return "holds {{ or }}, which is Camel's mark of a placeholder";
        }
        return null;
    }

    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                // FORMAT holds the marks that turn the direction of writing, with which a name can pose as another
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> shown.append(escape(c));
                default -> shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private static String escape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format("\\u%04x", c);
        };
    }
}
