package dev.dromedary.config;

import java.nio.charset.Charset;
import java.util.regex.Pattern;

/** Checks whether a text can be passed unchanged in a quoted argument of a route, and formats a text for one line. */
final class RouteArgumentCheck {

    // the charset in which Java passes arguments to a program; it would replace other characters by a question mark
    private static final Charset LOCALE = Charset.forName(System.getProperty("sun.jnu.encoding"));

    // the end of a RAW(value), and an escape, which Camel decodes after a closing bracket, RAW or not
    private static final Pattern ESCAPED = Pattern.compile("\\)&|%\\p{XDigit}{2}");

    private RouteArgumentCheck() {
    }

    /** {@return what is wrong with the text, as the rest of a sentence that starts with "it", or {@code null}} */
    static String problem(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            return "holds a control character";
        }
        if (text.indexOf('"') >= 0 && text.indexOf('\'') >= 0) {
            return "holds both ' and \", and there is no way to quote it";
        }
        if (!LOCALE.newEncoder().canEncode(text)) {
            return "holds a character that this locale can't spell; start with LC_ALL=C.UTF-8";
        }
        if (ESCAPED.matcher(text).find()) {
            return "holds )& or % and two digits, which Camel would read as something else";
        }
        if (text.contains("{{") || text.contains("}}")) {
            return "holds {{ or }}, which is Camel's mark of a placeholder";
        }
        return null;
    }
}
