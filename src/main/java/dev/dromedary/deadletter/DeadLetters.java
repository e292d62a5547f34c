package dev.dromedary.deadletter;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.dromedary.change.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import org.apache.camel.Body;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of all targets, below {@code dead-letter/mirror/target} of the state folder. What fails again is
 * merged with what it came from, so an outage leaves a record or two and not thousands.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final String ENDING = ".jsonl";
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'")
            .withZone(ZoneOffset.UTC);

    private final Path folder;
    private final AtomicLong count = new AtomicLong();

    /** @param stateDir the state folder; it is made when there is something to keep */
    public DeadLetters(Path stateDir) {
        this.folder = stateDir.resolve("dead-letter");
    }

    /**
     * Keeps what a target is owed, on disk when this returns, and replaces the records that it came from.
     *
     * @throws IOException if it can't be written: then it is still owed
     */
    public void keep(@Body ChangeSet changes, @ExchangeProperty(BacklogEndpoint.TARGET) String target,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause,
            @ExchangeProperty(BacklogEndpoint.HALT) String halt,
            @ExchangeProperty(BacklogEndpoint.CUT_OFF) Boolean cutOff) throws IOException {
        if (Boolean.TRUE.equals(cutOff)) {
            changes.cutOff(true);
        }
        String reason = halt == null ? reason(cause) : halt;
        Path letters = StateFolder.make(folder.resolve(target));
        DeadLetter letter = new DeadLetter(target, reason, Instant.ofEpochMilli(changes.since()), changes);
        String name = MOMENT.format(Instant.now()) + "-" + count.incrementAndGet() + ENDING;
        write(letters, name, letter.lines());
        arrived(changes, target);
        LOG.warn("{}: not carried, kept and tried again: {}, in {}: {}", target, changes, letters.resolve(name), reason);
    }

    private static String reason(Exception cause) {
        if (cause == null || cause instanceof RejectedExecutionException) {
            return "the program was stopped before it had arrived";
        }
        Throwable root = cause;
        while (root.getCause() != null && root.getMessage() != null && root instanceof CamelExecutionException) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    /** Removes the records whose content has arrived. */
    public void arrived(@Body ChangeSet changes, @ExchangeProperty(BacklogEndpoint.TARGET) String target)
            throws IOException {
        for (String id : changes.letters()) {
            if (Files.deleteIfExists(folder.resolve(target).resolve(id))) {
                LOG.debug("{}: dead letter {} is done", target, id);
            }
        }
    }

    /**
     * Reads all that a target is owed by its dead letters, for its backlog. They stay until it has arrived.
     *
     * @param target mirror/target
     * @return what is owed, a set a letter
     */
    public List<ChangeSet> replay(String target) throws IOException {
        List<ChangeSet> all = new ArrayList<>();
        for (Path file : files(target)) {
            String id = file.getFileName().toString();
            try {
                all.add(DeadLetter.read(Files.readAllLines(file, StandardCharsets.UTF_8)).changes().letter(id));
            } catch (NoSuchFileException e) {
                LOG.debug("{}: dead letter {} was done meanwhile", target, id);
            } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
                Path aside = file.resolveSibling(id + ".bad");
                Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
                all.add(ChangeSet.wholeTree());
                LOG.error("{}: the dead letter {} can't be trusted ({}): it is kept as {}, and the whole tree is owed"
                        + " in its place", target, file, e.getMessage(), aside.getFileName());
            }
        }
        return all;
    }

    /** How many records a target has. */
    public int count(String target) {
        try {
            return files(target).size();
        } catch (IOException e) {
            return 0;
        }
    }

    private List<Path> files(String target) throws IOException {
        Path letters = folder.resolve(target);
        if (!Files.isDirectory(letters)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(letters)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ENDING)).sorted().toList();
        }
    }

    // whole or not at all, and there after a power cut: rename(2) is atomic, fsync(2) of file and folder make it last
    private static void write(Path letters, String name, List<String> lines) throws IOException {
        Path unfinished = letters.resolve(name + ".tmp");
        try {
            Files.write(unfinished, lines, StandardCharsets.UTF_8);
            sync(unfinished, StandardOpenOption.WRITE);
            Files.move(unfinished, letters.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            sync(letters, StandardOpenOption.READ);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }
}
