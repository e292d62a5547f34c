package dev.dromedary.log;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Standard output and error without the passwords in what is written, whoever writes it: the log with its stack traces, the commands,
 * libraries. Line by line; what has no end of line goes out when it is flushed.
 */
public final class RedactedStream extends FilterOutputStream {

    private static final int LONGEST_LINE = 1 << 20;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    RedactedStream(OutputStream out) {
        super(out);
    }

    /** Puts one in the place of standard output and one of standard error; before anything is written. */
    public static void install() {
        System.setOut(of(System.out, "stdout.encoding"));
        System.setErr(of(System.err, "stderr.encoding"));
    }

    // in which Java would have written: what each version of it says of that
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

    // each byte is a char: no encoding is spoilt, and those that matter are ASCII in all of them
    private void writeOut() throws IOException {
        if (line.size() > 0) {
            String text = line.toString(StandardCharsets.ISO_8859_1);
            line.reset();
            out.write(Redaction.of(text).getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }
}
