package dev.dromedary.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import dev.dromedary.change.RawPath;
import dev.dromedary.testing.Scratch;

/**
 * Changes a folder at random and as fast as it can, with a short rest now and then, and remembers what it did. One writer
 * does the same again with the same seed; several get in each other's way.
 */
final class Churn {

    private static final int DEEPEST = 7;
    private static final int REMEMBERED = 200_000;
    private static final int SHOWN_PATHS = 5;
    private static final int SHOWN_OPERATIONS = 20;
    // mostly few and ordinary, so that paths meet
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g", "h", "a.b", "lib", "src", "x");
    private static final List<String> HOSTILE_NAMES = List.of(" ", "-rf", "--delete", "#", ";x", "*", "?", "[a]", "\\",
            "\\#012", "'", "\"", "a\nb", "\r", "\u00ff\u00fe", "\u00c3\u00a9", "\u00f0\u009f\u0090\u00aa", "$(x)", "~",
            "...", "a:b", ".~tmp~", ".a.Xy12ab", "%2F", "{{x}}", "${x}", "l".repeat(255));
    private static final int[] FILE_MODES = {0644, 0600, 0755, 0444, 0664, 04755};
    private static final int[] FOLDER_MODES = {0755, 0700, 0711, 0775, 01777, 02755};

    private record Operation(int writer, String what, String path, String from) {

        private boolean isAbout(String other) {
            return covers(path, other) || from != null && covers(from, other);
        }

        private static boolean covers(String folder, String path) {
            return path.equals(folder) || path.startsWith(folder + "/");
        }

        @Override
        public String toString() {
            return writer + "  " + what + "  " + (from == null ? "" : from + "  ->  ") + path;
        }
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private record Weighted(int weight, Action action) {
    }

    private final Path root;
    private final Path outside;
    private final List<Writer> writers = new ArrayList<>();
    private final Deque<Operation> done = new ArrayDeque<>();
    private boolean keepsTimes;
    private int total;

    /** @param outside a folder on the same file system, to and from which things are moved */
    Churn(Path root, Path outside, long seed, int writers) {
        this.root = root;
        this.outside = outside;
        for (int i = 0; i < writers; i++) {
            this.writers.add(new Writer(i, new Random(seed * 31 + i)));
        }
    }

    /** Some files get another content of the same size and the same time: only who saw the event can know. */
    Churn keepingTimes() {
        keepsTimes = true;
        return this;
    }

    /** Does so many operations, and closes all files then. */
    void operations(int count) {
        run(writer -> writer.count < count / writers.size(), false);
    }

    /** The same without a rest. */
    void breathless(int count) {
        run(writer -> writer.count < count / writers.size(), true);
    }

    /** Goes on until something is the case. */
    void until(BooleanSupplier end) {
        run(writer -> !end.getAsBoolean(), false);
    }

    /** More events than the kernel keeps for a reader that does not read: all that comes after them is lost to it. */
    void flood(int events) {
        try {
            for (int i = 0; i < events; i += 2) {
                Path file = root.resolve("flood-" + i);
                Files.createSymbolicLink(file, Path.of("nowhere"));
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a file in each folder: it arrives if the folder is still watched. */
    void everywhere(String name) {
        try (var all = Files.walk(root)) {
            for (Path folder : all.filter(Churn::isFolder).toList()) {
                Files.writeString(folder.resolve(name), name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Predicate<Writer> goesOn, boolean breathless) {
        Throwable[] failure = new Throwable[1];
        List<Thread> threads = writers.stream().map(writer -> new Thread(() -> writer.run(goesOn, breathless))).toList();
        threads.forEach(thread -> {
            thread.setUncaughtExceptionHandler((t, e) -> failure[0] = e);
            thread.start();
        });
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure[0] != null) {
            throw new AssertionError("a writer failed", failure[0]);
        }
    }

    private synchronized void did(int writer, String what, Path path, Path from) {
        total++;
        done.add(new Operation(writer, what, shown(path), from == null ? null : shown(from)));
        if (done.size() > REMEMBERED) {
            done.remove();
        }
    }

    private String shown(Path path) {
        String relative = path.startsWith(root) ? root.relativize(path).toString() : "(outside)/" + outside.relativize(path);
        StringBuilder shown = new StringBuilder();
        relative.codePoints().forEach(c -> shown.append(Character.isISOControl(c) || c == 0xFFFD
                ? "\\u%04x".formatted(c) : Character.toString(c)));
        return shown.toString();
    }

    /** How many changes it has made. */
    synchronized int size() {
        return total;
    }

    /** Everything that it did, a line each. */
    synchronized List<String> all() {
        return done.stream().map(Operation::toString).toList();
    }

    /**
     * What it last did to the paths that differ, under whatever name they had then.
     *
     * @param differences as the message of a failed comparison tells them
     */
    synchronized String lastOperationsOn(String differences) {
        return String.join("\n", differences.lines()
                .filter(line -> line.startsWith("missing  ") || line.startsWith("stale    ") || line.startsWith("differs  "))
                .map(line -> line.substring(9).split("  ")[0]).limit(SHOWN_PATHS).map(this::lastOperationsOnPath).toList());
    }

    private String lastOperationsOnPath(String path) {
        Deque<String> lines = new ArrayDeque<>();
        String name = path;
        int number = total;
        for (var each = done.descendingIterator(); each.hasNext() && lines.size() < SHOWN_OPERATIONS; number--) {
            Operation operation = each.next();
            if (operation.isAbout(name)) {
                lines.addFirst("    " + number + "  " + operation);
                if (operation.from != null && Operation.covers(operation.path, name)) {
                    name = operation.from + name.substring(operation.path.length());
                }
            }
        }
        return "the last of " + total + " operations on " + path + " (number, writer):\n" + String.join("\n", lines);
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private final class Writer {

        private record Open(FileChannel channel, Path path, Object key) {
        }

        private final int number;
        private final Random random;
        private final List<Open> open = new ArrayList<>();
        private final List<Weighted> actions = List.of(
                new Weighted(12, this::write), new Weighted(6, this::append), new Weighted(4, this::truncate),
                new Weighted(8, this::rewrite), new Weighted(10, this::replace), new Weighted(5, this::keepOpen),
                new Weighted(1, this::sparse), new Weighted(8, this::makeFolder), new Weighted(4, this::makeDeepFolder),
                new Weighted(8, () -> move(entry(), place())), new Weighted(7, () -> move(folder(), place())),
                new Weighted(4, () -> move(entry(), entry())), new Weighted(4, this::swap), new Weighted(3, this::chain),
                new Weighted(6, () -> delete(file())), new Weighted(2, () -> delete(entry())),
                new Weighted(5, this::changeMode), new Weighted(5, this::touch), new Weighted(6, this::changeKind),
                new Weighted(4, () -> link(place())), new Weighted(2, this::hardLink),
                new Weighted(3, this::moveOut), new Weighted(2, this::changeOutside), new Weighted(4, this::moveIn));
        private final int weights = actions.stream().mapToInt(Weighted::weight).sum();
        private int count;

        private Writer(int number, Random random) {
            this.number = number;
            this.random = random;
        }

        private void run(Predicate<Writer> goesOn, boolean breathless) {
            for (count = 0; goesOn.test(this); count++) {
                try {
                    any().run();
                } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
                    // not what it had been, for another writer or by chance: one that does nothing
                    continue;
                }
                if (!breathless) {
                    rest();
                }
            }
            while (!open.isEmpty()) {
                try {
                    closeOne();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private Action any() {
            int at = random.nextInt(weights);
            for (Weighted each : actions) {
                at -= each.weight;
                if (at < 0) {
                    return each.action;
                }
            }
            throw new IllegalStateException();
        }

        private void rest() {
            int chance = random.nextInt(1000);
            if (chance < 30) {
                sleep(random.nextInt(4));
            } else if (chance < 34) {
                sleep(10 + random.nextInt(60));
            }
        }

        private void sleep(int millis) {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        // ---- what to do it to

        private List<Path> in(Path folder, Predicate<Path> kind) throws IOException {
            List<Path> found = new ArrayList<>();
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
                inside.forEach(found::add);
            }
            found.removeIf(kind.negate());
            found.sort(null);
            return found;
        }

        private Path one(List<Path> of) throws IOException {
            if (of.isEmpty()) {
                throw new IOException("there is none");
            }
            return of.get(random.nextInt(of.size()));
        }

        private Path folderOrRoot() throws IOException {
            Path folder = root;
            while (random.nextInt(10) < 7) {
                List<Path> folders = in(folder, Churn::isFolder);
                if (folders.isEmpty() || folder.getNameCount() - root.getNameCount() >= DEEPEST) {
                    break;
                }
                folder = one(folders);
            }
            return folder;
        }

        private Path folder() throws IOException {
            return one(in(folderOrRoot(), Churn::isFolder));
        }

        private Path entry() throws IOException {
            return one(in(folderOrRoot(), path -> true));
        }

        private Path file() throws IOException {
            return one(in(folderOrRoot(), Churn::isFile));
        }

        /** Where something may be or not. */
        private Path place() throws IOException {
            return RawPath.toPath(folderOrRoot(), name());
        }

        private String name() {
            return random.nextInt(20) == 0 ? HOSTILE_NAMES.get(random.nextInt(HOSTILE_NAMES.size()))
                    : NAMES.get(random.nextInt(NAMES.size()));
        }

        private byte[] content(int size) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            return content;
        }

        private int size() {
            int chance = random.nextInt(100);
            return chance < 10 ? 0 : chance < 97 ? random.nextInt(3000) : random.nextInt(400_000);
        }

        // ---- what to do

        private void write() throws IOException {
            Path file = random.nextInt(3) == 0 ? file() : place();
            Files.write(file, content(size()), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            did(number, "write", file, null);
        }

        private FileChannel channel(Path file) throws IOException {
            return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        }

        private void append() throws IOException {
            Path file = file();
            try (FileChannel channel = channel(file)) {
                channel.write(ByteBuffer.wrap(content(1 + random.nextInt(500))), channel.size());
            }
            did(number, "append", file, null);
        }

        private void truncate() throws IOException {
            Path file = file();
            try (FileChannel channel = channel(file)) {
                channel.truncate(channel.size() / (1 + random.nextInt(3)));
            }
            did(number, "truncate", file, null);
        }

        /** Other bytes, the same size; and the same time, if that is wanted. */
        private void rewrite() throws IOException {
            Path file = file();
            FileTime time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
            boolean keepsTime = keepsTimes && random.nextBoolean();
            try (FileChannel channel = channel(file)) {
                channel.write(ByteBuffer.wrap(content((int) channel.size())), 0);
                if (keepsTime) {
                    Files.setLastModifiedTime(file, time);
                }
            }
            did(number, keepsTime ? "rewrite with the same size and time" : "rewrite with the same size", file, null);
        }

        /** As editors and downloads do: a temporary file beside it, renamed over it. */
        private void replace() throws IOException {
            Path file = random.nextBoolean() ? file() : place();
            Path temporary = file.resolveSibling("." + NAMES.get(random.nextInt(NAMES.size())) + ".tmp");
            Files.write(temporary, content(size()), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            did(number, "write", temporary, null);
            move(temporary, file);
        }

        private void keepOpen() throws IOException {
            if (open.size() > 2 || !open.isEmpty() && random.nextBoolean()) {
                closeOne();
                return;
            }
            Path file = place();
            if (isThere(file)) {
                return;
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            open.add(new Open(channel, file, Files.readAttributes(file,
                    BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey()));
            channel.write(ByteBuffer.wrap(content(random.nextInt(2000))));
            did(number, "open", file, null);
        }

        private void closeOne() throws IOException {
            Open one = open.remove(random.nextInt(open.size()));
            try (FileChannel channel = one.channel) {
                channel.write(ByteBuffer.wrap(content(random.nextInt(2000))));
            }
            did(number, "close what was opened as", one.path, null);
        }

        private void sparse() throws IOException {
            Path file = place();
            if (isThere(file)) {
                return;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE,
                    StandardOpenOption.SPARSE)) {
                channel.write(ByteBuffer.wrap(content(10)), 1_000_000 + random.nextInt(1_000_000));
            }
            did(number, "write sparse", file, null);
        }

        private void makeFolder() throws IOException {
            Path folder = place();
            Files.createDirectory(folder);
            did(number, "mkdir", folder, null);
        }

        private void makeDeepFolder() throws IOException {
            Path folder = place();
            for (int i = random.nextInt(4); i >= 0; i--) {
                folder = RawPath.toPath(folder, name());
            }
            Files.createDirectories(folder);
            did(number, "mkdir -p", folder, null);
            if (random.nextBoolean()) {
                Path file = RawPath.toPath(folder, name());
                Files.write(file, content(size()));
                did(number, "write", file, null);
            }
        }

        private void move(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            did(number, "move", to, from);
        }

        private void swap() throws IOException {
            boolean folders = random.nextBoolean();
            Path one = folders ? folder() : entry();
            Path other = folders ? folder() : entry();
            if (one.startsWith(other) || other.startsWith(one)) {
                return;
            }
            Path aside = random.nextBoolean() ? one.resolveSibling(".aside") : place();
            if (isThere(aside) || aside.startsWith(one) || aside.startsWith(other)) {
                return;
            }
            move(one, aside);
            move(other, one);
            move(aside, other);
        }

        /** As in the rotation of logs: each takes the place of the one before. */
        private void chain() throws IOException {
            Path folder = folderOrRoot();
            List<Path> all = in(folder, random.nextBoolean() ? Churn::isFolder : path -> true);
            Path aside = folder.resolve(".aside");
            if (all.size() < 3 || isThere(aside)) {
                return;
            }
            int first = random.nextInt(all.size() - 2);
            move(all.get(first), aside);
            move(all.get(first + 1), all.get(first));
            move(all.get(first + 2), all.get(first + 1));
            move(aside, all.get(first + 2));
        }

        private void delete(Path path) throws IOException {
            Scratch.delete(path);
            did(number, "delete", path, null);
        }

        private void changeMode() throws IOException {
            Path path = random.nextBoolean() ? folder() : file();
            int[] modes = isFolder(path) ? FOLDER_MODES : FILE_MODES;
            int mode = modes[random.nextInt(modes.length)];
            Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
            did(number, "chmod %o".formatted(mode), path, null);
        }

        private void touch() throws IOException {
            Path path = random.nextBoolean() ? entry() : file();
            FileTime time = FileTime.from(random.nextInt(1_900_000_000) * 1_000_000_000L + random.nextInt(1_000_000_000),
                    TimeUnit.NANOSECONDS);
            Files.setAttribute(path, "lastModifiedTime", time, LinkOption.NOFOLLOW_LINKS);
            did(number, "touch to " + time.toInstant(), path, null);
        }

        private void changeKind() throws IOException {
            Path path = entry();
            boolean folder = isFolder(path);
            delete(path);
            switch (random.nextInt(3)) {
                case 0 -> link(path);
                case 1 -> {
                    Files.write(path, content(size()));
                    did(number, "write", path, null);
                }
                default -> {
                    Files.createDirectory(path);
                    did(number, folder ? "mkdir again" : "mkdir", path, null);
                    for (int i = random.nextInt(3); i > 0; i--) {
                        Path file = path.resolve(NAMES.get(i));
                        Files.write(file, content(size()));
                        did(number, "write", file, null);
                    }
                }
            }
        }

        private void link(Path path) throws IOException {
            // never out of the scratch folder: what follows such a link here may write and delete there
            Path to = switch (random.nextInt(5)) {
                case 0 -> Path.of("nowhere");
                case 1, 2 -> outside;
                case 3 -> entry();
                default -> path.getParent().relativize(folderOrRoot());
            };
            Files.createSymbolicLink(path, to.toString().isEmpty() ? Path.of(".") : to);
            did(number, "symlink to " + to, path, null);
        }

        private void hardLink() throws IOException {
            Path file = file();
            Object key = Files.readAttributes(file, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS).fileKey();
            // with several writers another one may be writing to it
            if (writers.size() > 1 || open.stream().anyMatch(each -> each.key.equals(key))) {
                return;
            }
            Path name = place();
            Files.createLink(name, file);
            did(number, "hard link", name, file);
        }

        private void moveOut() throws IOException {
            move(random.nextInt(4) == 0 ? entry() : folder(), outside.resolve(NAMES.get(random.nextInt(NAMES.size()))));
        }

        private void changeOutside() throws IOException {
            Path folder = one(in(outside, Churn::isFolder));
            Path made = folder.resolve(NAMES.get(random.nextInt(NAMES.size())));
            if (isThere(made)) {
                delete(made);
            }
            Files.createDirectory(made);
            did(number, "mkdir", made, null);
            Files.write(made.resolve("a"), "outside".getBytes(StandardCharsets.UTF_8));
        }

        private void moveIn() throws IOException {
            move(one(in(outside, path -> true)), place());
        }
    }
}
