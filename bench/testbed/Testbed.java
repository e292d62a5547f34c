package testbed;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import common.Cleanup;
import common.SequencedContent;

/**
 * What all contenders of one site share.
 *
 * @param scratch the folder that all of it lies in
 * @param random has the same seed in each run: orders and pauses are the same
 * @param sequence the number of the latest content
 */
public record Testbed(Options options, Path scratch, Random random, AtomicLong sequence, Cleanup cleanup) {

    public Testbed(Options options, Cleanup cleanup) {
        this(options, null, new Random(1), new AtomicLong(), cleanup);
    }

    /** {@return the same in another scratch folder} */
    public Testbed in(Path scratch) {
        return new Testbed(options, scratch, random, sequence, cleanup);
    }

    /** {@return the folder of the command line that this one is in} */
    public Path site() {
        return scratch.getParent();
    }

    /** Sets up a contender with an empty source. */
    public Instance setUp(Contender contender, int targets) throws Exception {
        return Instance.empty(this, contender, targets);
    }

    /** Sets up a contender with a source and a target that exist already. */
    public Instance setUp(Contender contender, Path home, Path source, Path target) {
        return new Instance(this, contender, home, source, List.of(target));
    }

    /** {@return a content with the next number} */
    public byte[] nextContent(int size) {
        long number = sequence.incrementAndGet();
        byte[] content = new byte[size];
        Arrays.fill(content, (byte) ('a' + number % 26));
        return SequencedContent.stamp(content, number);
    }

    /** @throws TimeLimitExceeded if what was started at a time has taken too long */
    public void checkLimit(long start) throws TimeLimitExceeded {
        if (System.nanoTime() - start > options.limit().toNanos()) {
            throw new TimeLimitExceeded();
        }
    }
}
