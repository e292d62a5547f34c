package dev.dromedary.change;

/** Recognizes well-formed UTF-8 (RFC 3629, section 4), so that only other bytes are escaped. */
final class Utf8Validator {

    private Utf8Validator() {
    }

    /** Returns how many bytes the character at {@code i} has, or 0 if no well-formed one starts there. */
    static int length(byte[] b, int i) {
        int first = b[i] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        if (first >= 0xc2 && first <= 0xdf) {
            return tail(b, i + 1, 0x80, 0xbf) ? 2 : 0;
        }
        if (first >= 0xe0 && first <= 0xef) {
            int low = first == 0xe0 ? 0xa0 : 0x80;
            int high = first == 0xed ? 0x9f : 0xbf;
            return tail(b, i + 1, low, high) && tail(b, i + 2, 0x80, 0xbf) ? 3 : 0;
        }
        if (first >= 0xf0 && first <= 0xf4) {
            int low = first == 0xf0 ? 0x90 : 0x80;
            int high = first == 0xf4 ? 0x8f : 0xbf;
            return tail(b, i + 1, low, high) && tail(b, i + 2, 0x80, 0xbf) && tail(b, i + 3, 0x80, 0xbf) ? 4 : 0;
        }
        return 0;
    }

    private static boolean tail(byte[] b, int i, int low, int high) {
        return i < b.length && (b[i] & 0xff) >= low && (b[i] & 0xff) <= high;
    }
}
