package dev.dromedary.log;

import java.util.stream.Collectors;

/**
 * Shows untrusted text safely in one line. Characters that could end a log line, control a terminal, or reverse the direction of writing,
 * which lets one name pose as another, are escaped as in Java.
 */
public final class LogEscaping {

    private LogEscaping() {
    }

    /** {@return the text without control and format characters} */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
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
            default -> new String(Character.toChars(c)).chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
        };
    }
}
