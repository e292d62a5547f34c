package dev.dromedary.log;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.camel.util.SensitiveUtils;

/**
 * Removes passwords from what is shown to people and programs: from URLs ({@code scheme://user:PASSWORD@host}, {@code user:PASSWORD@host},
 * with any scheme), from the options of Camel's endpoints whose names Camel knows as secrets, and from whatever is assigned to a name that
 * suggests a password, even a misspelt one. It rather hides a few words too many than shows a password. The rest stays readable, and JSON
 * stays JSON.
 */
public final class Redaction {

    /** The text that replaces a secret. */
    public static final String HIDDEN = "***";

    private static final String SECRET_NAME = "pas{0,2}_?-?w(?:or|ro|r|o)?d|pas{1,2}_?-?(?:phrase|code)|pwd|secret|credential|token"
            + "|(?:api|access|private|account|shared)[_-]?key|jaas";
    // the name of a file that holds the password, which is no secret itself
    private static final String NOT_OF_A_FILE = "(?![\\w.-]*file\\b)";
    // the end of a string in JSON, escaped once more or not
    private static final String NO_END_OF_TEXT = "(?!\\\\?[\"'][,:}\\]\\s])";
    private static final String PORT = "\\d{1,5}(?:\\\\?/|[\\s\"',;)]|$)";
    private static final String RAW = "RAW\\(.*?\\)(?=[&\\s\"']|$)|RAW\\{.*?}(?=[&\\s\"']|$)";
    private static final String SECRET_OPTION = "[?&][^=&?\\s]*(?:" + SECRET_NAME + '|' + SensitiveUtils.getSensitivePattern() + ")[^=&\\s]*=";

    /** For a text that may hold anything, so that the end of the secret has to be recognized by what follows. */
    private static final List<Pattern> IN_TEXT = List.of(
            Pattern.compile("(:(?:\\\\?/){2}[^\\s/:\"'\\\\\\[]{0,200}(?::|%3[Aa]))(?!" + PORT + ")(?<secret>(?:" + NO_END_OF_TEXT + "\\S){0,500})@"),
            Pattern.compile("(?<![\\w/:@.=%-])([\\w.%+-]+:)(?![/\\\\:\\s])(?<secret>(?:" + NO_END_OF_TEXT + "\\S){1,500})@(?=[\\w\\[])"),
            Pattern.compile('(' + SECRET_OPTION + ")(?<secret>" + RAW + "|(?:" + NO_END_OF_TEXT + "[^&\\s])+)", Pattern.CASE_INSENSITIVE),
            Pattern.compile("((?:" + SECRET_NAME + ')' + NOT_OF_A_FILE + "[\\w.-]*(?:\\\\?[\"'])?\\s*=\\s*)(?<secret>" + RAW
                    + '|' + NO_END_OF_TEXT + "\\\\?\"(?:(?!\\\\?\").)*\\\\?\"|'[^']*'|(?:" + NO_END_OF_TEXT + "[^&\\s])+)", Pattern.CASE_INSENSITIVE),
            Pattern.compile("(sshpass\\s+-p\\s*)(?<secret>\\S+)"));

    /** For a text that is a single value, so that a secret may contain blanks. */
    private static final List<Pattern> IN_VALUE = List.of(
            Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://[^/:\\[]*:)(?!" + PORT + ")(?<secret>.*)@", Pattern.DOTALL),
            Pattern.compile("^([^/:?=\\s]+:)(?![/:])(?<secret>[^?]*)@", Pattern.DOTALL),
            Pattern.compile("([?&][^=&?]*(?:" + SECRET_NAME + '|' + SensitiveUtils.getSensitivePattern() + ")[^=&]*=)(?<secret>RAW\\(.*?\\)(?=&|$)"
                    + "|RAW\\{.*?}(?=&|$)|[^&]*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL));

    private static final Pattern ALREADY = Pattern.compile(Pattern.quote(HIDDEN) + "\\W*");
    private static final Pattern NAME = Pattern.compile("(?:" + SECRET_NAME + ')', Pattern.CASE_INSENSITIVE);

    private Redaction() {
    }

    /** {@return the text, of one line or many, without the secrets in it} */
    public static String of(String text) {
        if (text == null || text.indexOf(':') < 0 && text.indexOf('=') < 0 && !text.contains("sshpass")) {
            return text;
        }
        return hide(IN_TEXT, text, new LinkedHashSet<>());
    }

    /** {@return the value of a configuration key without the secrets in it} */
    public static String ofValue(String key, String value) {
        return value == null ? null : isSecret(key) ? HIDDEN : of(hide(IN_VALUE, value, new LinkedHashSet<>()));
    }

    /** {@return a text about a value, in which parts of the value may be repeated, without the secrets of both} */
    public static String about(String key, String value, String text) {
        Set<String> secrets = new LinkedHashSet<>();
        if (value != null) {
            hide(IN_TEXT, hide(IN_VALUE, value, secrets), secrets);
            if (isSecret(key) && !value.isBlank()) {
                secrets.add(value);
            }
        }
        String without = text;
        for (String secret : secrets) {
            without = secret.isBlank() ? without : without.replace(secret, HIDDEN);
        }
        return of(without);
    }

    /** {@return whether the name of a key or an option suggests that its value is a secret} */
    public static boolean isSecret(String key) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        return NAME.matcher(last).find() && !last.toLowerCase(Locale.ROOT).endsWith("file");
    }

    private static String hide(List<Pattern> patterns, String text, Set<String> secrets) {
        String hidden = text;
        for (Pattern pattern : patterns) {
            Matcher matcher = pattern.matcher(hidden);
            StringBuilder without = null;
            int end = 0;
            while (matcher.find()) {
                String secret = matcher.group("secret");
                if (secret.isEmpty() || ALREADY.matcher(secret).matches()) {
                    continue;
                }
                without = without == null ? new StringBuilder(hidden.length()) : without;
                without.append(hidden, end, matcher.start("secret")).append(HIDDEN);
                end = matcher.end("secret");
                secrets.add(secret);
            }
            hidden = without == null ? hidden : without.append(hidden, end, hidden.length()).toString();
        }
        return hidden;
    }
}
