package common;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;

/** Content that begins with a number, which grows from write to write and tells at the target what has arrived. */
public final class SequencedContent {

    /** The bytes that the number takes; a content is no shorter. */
    public static final int HEADER = 20;

    private SequencedContent() {
    }

    /** Puts a number at the beginning of a content. */
    public static byte[] stamp(byte[] content, long number) {
        System.arraycopy(String.format("%019d%n", number).getBytes(StandardCharsets.US_ASCII), 0, content, 0, HEADER);
        return content;
    }

    /** {@return the number of a file; -1 if there is none, or not yet} */
    public static long number(File file) {
        if (file.length() < HEADER) {
            return -1;
        }
        try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
            byte[] head = new byte[HEADER - 1];
            in.readFully(head);
            return head[0] < '0' || head[0] > '9' ? -1 : Long.parseLong(new String(head, StandardCharsets.US_ASCII));
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }
}
