package hosts;

import java.util.Locale;

/** Prints a table in Markdown, row by row. */
final class MarkdownTable {

    private MarkdownTable() {
    }

    static void row(String first, String... others) {
        System.out.println("| " + first + " | " + String.join(" | ", others) + " |");
    }

    /** Prints the line below the head of a table whose figures are on the right. */
    static void rule(int figures) {
        System.out.println("|---|" + "---:|".repeat(figures));
    }

    /** {@return how far a ratio is off 1; nothing for what is unknown} */
    static String percent(double ratio) {
        return Double.isNaN(ratio) ? "" : String.format(Locale.ROOT, "%+.0f %%", (ratio - 1) * 100);
    }

    /** {@return a number with three significant digits; nothing for what is unknown} */
    static String digits(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        int magnitude = value == 0 ? 0 : (int) Math.floor(Math.log10(Math.abs(value)));
        return String.format(Locale.ROOT, "%,." + Math.max(0, 2 - magnitude) + "f", value)
                .replaceAll("(\\.\\d*?)0+$", "$1").replaceAll("\\.$", "");
    }
}
