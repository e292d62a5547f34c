package report;

import java.util.Locale;

/** Numbers as they are shown. */
public final class Numbers {

    private Numbers() {
    }

    /** {@return a number with three significant digits} */
    public static String format(double value) {
        double size = Math.abs(value);
        String format = size == Math.rint(size) || size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }
}
