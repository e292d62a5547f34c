package dev.dromedary.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a text file that a person has written, in UTF-8. A byte order mark, which some editors write, is skipped. */
final class TextFile {

    /** The file is not UTF-8; the message gives the actual encoding, or the position. */
    static final class NotUtf8Exception extends CharacterCodingException {
        private static final long serialVersionUID = 1L;

        private final String what;

        NotUtf8Exception(String what) {
            this.what = what;
        }

        @Override
        public String getMessage() {
            return what;
        }
    }

    /** How many bytes {@link #isMarked} looks at. */
    static final int LONGEST_MARK = 3;

    private static final char MARK = '\uFEFF';

    private TextFile() {
    }

    /**
     * {@return the whole text, without the mark}
     *
     * @throws NotUtf8Exception if it is in another encoding
     */
    static String read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (isUtf16(bytes)) {
            throw new NotUtf8Exception("it is UTF-16");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            throw new NotUtf8Exception("line " + line(bytes, in.position()) + " is not UTF-8");
        }
        String text = out.flip().toString();
        return text.startsWith(String.valueOf(MARK)) ? text.substring(1) : text;
    }

    /** {@return whether these first bytes of a file are the mark of UTF-8 or of UTF-16} */
    static boolean isMarked(byte[] start) {
        return isUtf16(start) || start.length > 2 && start[0] == (byte) 0xEF && start[1] == (byte) 0xBB && start[2] == (byte) 0xBF;
    }

    private static boolean isUtf16(byte[] bytes) {
        return bytes.length > 1 && (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF
                || bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE);
    }

    private static int line(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            line += bytes[i] == '\n' || bytes[i] == '\r' && bytes[i + 1] != '\n' ? 1 : 0;
        }
        return line;
    }
}
