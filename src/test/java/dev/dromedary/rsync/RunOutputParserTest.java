package dev.dromedary.rsync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

class RunOutputParserTest {

    private static final String END = """

            Number of files: 51 (reg: 50, dir: 1)
            Number of created files: 50 (reg: 50)
            Number of deleted files: 4 (reg: 2, dir: 2)
            Number of regular files transferred: 50
            Total file size: 1410 bytes
            Total transferred file size: 141 bytes
            Total bytes sent: 3793
            Total bytes received: 1005
            """;

    private final RunOutputParser run = new RunOutputParser();

    @Test
    void the_end_says_what_a_run_brought() throws IOException {
        read("\r            141 100%   27.15kB/s    0:00:00 (xfr#50, to-chk=0/51)\n" + END);

        assertThat(run.figures()).isEqualTo(new RunStats(51, 50, 141, 3793, 1005, 4));
        assertThat(run.advance()).isEqualTo(new TransferProgress(141, 100, 27802, 0, 50, 51, 51));
    }

    @Test
    void what_is_passed_over_is_known_also_if_the_line_before_has_no_end() throws IOException {
        read("\\#012\\#377 is over max-size is over max-size\n\r              2   0%    1.95kB/s    0:00:00 (xfr#1, to-chk=2/5)d/big is over max-size\n"
                + "\r              2   0%    1.95kB/s    0:00:00  change:x is over max-size\nchange:y is over max-size\n" + END);

        assertThat(run.passedOver()).contains("\n\u00ff is over max-size", "d/big", "change:x", "change:y");
    }

    @Test
    void the_last_line_says_how_far_it_is() throws IOException {
        read("\r              2   1%    0.00kB/s    0:00:00  \r     1048576  45%    1.50MB/s    1:01:05 (xfr#1, to-chk=4/9)");

        assertThat(run.advance()).isEqualTo(new TransferProgress(1048576, 45, 1572864, 3665, 1, 5, 9));
        assertThat(run.figures()).isEqualTo(RunStats.NONE);
    }

    @Test
    void no_time_is_told_without_a_rate_and_at_the_end_none_is_left() throws IOException {
        read("\r        32768   1%    0.00kB/s    0:00:00 (xfr#1, to-chk=4/9)");
        assertThat(run.advance().secondsLeft()).isEqualTo(-1);

        read("\r      3000000 100%  491.05kB/s    0:00:05 (xfr#2, to-chk=0/9)");
        assertThat(run.advance().secondsLeft()).isZero();
    }

    @Test
    void what_a_line_leaves_out_stays_and_while_it_looks_for_more_no_time_is_told() throws IOException {
        read("\r   10  1%    1.00kB/s    0:00:05 (xfr#3, ir-chk=90/100)\r   20  2%    1.00kB/s    0:00:04  ");

        assertThat(run.advance()).isEqualTo(new TransferProgress(20, 2, 1024, -1, 3, 10, 100));
    }

    /** A pipe holds 64 KiB (pipe(7)): who leaves some of it there at each breath holds up rsync, which waits for room. */
    @Test
    void all_that_a_pipe_holds_is_read_at_once() throws IOException {
        AtomicInteger reads = new AtomicInteger();
        byte[] full = "\r  1  50%   10.00kB/s    0:00:01 (xfr#1, to-chk=1/9) ".repeat(2_000).getBytes(StandardCharsets.US_ASCII);
        run.read(new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("byte by byte");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                if (reads.incrementAndGet() > 40) {
                    return -1;
                }
                int ready = Math.min(length, 65_536);
                System.arraycopy(full, 0, buffer, offset, ready);
                assertThat(ready).isEqualTo(65_536);
                return ready;
            }
        });

        assertThat(run.advance().files()).isOne();
    }

    @Test
    void much_output_is_read_to_its_end() throws IOException {
        read(IntStream.rangeClosed(1, 20_000).mapToObj(i -> "\r  %d  50%%   10.00kB/s    0:00:01 (xfr#%d, to-chk=%d/20000)"
                .formatted(i, i, 20_000 - i)).collect(Collectors.joining()) + "\n" + END);

        assertThat(run.advance().files()).isEqualTo(20_000);
        assertThat(run.figures().files()).isEqualTo(50);
    }

    /** It made each tenth run 20 ms longer: a line at a time is how rsync writes. */
    @Test
    @Timeout(5)
    void output_that_comes_line_by_line_is_read_as_it_comes() throws IOException {
        AtomicInteger left = new AtomicInteger(1000);
        run.read(new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException("read by blocks");
            }

            @Override
            public int read(byte[] buffer, int from, int length) {
                buffer[from] = '\n';
                return left.getAndDecrement() > 0 ? 1 : -1;
            }
        });

        assertThat(left.get()).isNegative();
    }

    @Test
    void anything_else_is_no_figure() throws IOException {
        read("% : \n100% of it: 7\nx".repeat(1000) + "\rNumber of regular files transferred: many\n");

        assertThat(run.advance()).isEqualTo(TransferProgress.NONE);
        assertThat(run.figures()).isEqualTo(RunStats.NONE);
    }

    private void read(String output) throws IOException {
        run.read(new ByteArrayInputStream(output.getBytes(StandardCharsets.US_ASCII)));
    }
}
