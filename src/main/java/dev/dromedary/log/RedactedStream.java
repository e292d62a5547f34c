package dev.dromedary.log;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Removes passwords from standard output and error, whoever writes to them: the log with its stack traces, the commands, libraries. It
 * works line by line; text without an end of line is written at a flush.
 */
public final class RedactedStream extends FilterOutputStream {

    private static final int LONGEST_LINE = 1 << 20;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    RedactedStream(OutputStream out) {
        super(out);
    }

    /** Replaces standard output and standard error; to be called before anything is written. */
    public static void install() {
        System.setOut(of(System.out, "stdout.encoding"));
        System.setErr(of(System.err, "stderr.encoding"));
    }

    // the encoding that Java itself would use, whose property differs between versions
    private static PrintStream of(PrintStream stream, String key) {
        String encoding = System.getProperty(key, System.getProperty("sun." + key, Charset.defaultCharset().name()));
        return new PrintStream(new RedactedStream(stream), false, Charset.forName(encoding));
    }

    @Override
    public synchronized void write(int b) throws IOException {
        line.write(b);
        if (b == '\n' || line.size() >= LONGEST_LINE) {
            writeOut();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        while (end > offset && bytes[end - 1] != '\n') {
            end--;
        }
        line.write(bytes, offset, end - offset);
        if (end > offset) {
            writeOut();
        }
        line.write(bytes, end, offset + length - end);
        if (line.size() >= LONGEST_LINE) {
            writeOut();
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        writeOut();
        out.flush();
    }

    // each byte is a char: this damages no encoding, and the characters that matter are ASCII in all of them
    private void writeOut() throws IOException {
        if (line.size() > 0) {
            String text = line.toString(StandardCharsets.ISO_8859_1);
            line.reset();
            out.write(Redaction.of(text).getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }
}
