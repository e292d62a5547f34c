package dev.dromedary.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;

/** Calls execv(3), which Java does not offer. The new program runs in this process, with the same process id, open files and environment. */
final class Execv {

    // SIGHUP, SIGINT and SIGTERM (signal(7)); they may be ignored, for example by nohup(1)
    private static final List<Integer> ENDING = List.of(1, 2, 15);
    private static final Pointer IGNORED = new Pointer(1);
    private static final long SETTLE_MILLIS = 10;

    // fcntl(2)
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final Path OPEN = Path.of("/proc/self/fd");

    // the running executable, even if its path has changed
    private static final byte[] SELF = "/proc/self/exe\0".getBytes(StandardCharsets.US_ASCII);

    static {
        Native.register(Execv.class, "c");
    }

    private Execv() {
    }

    private static native int execv(byte[] path, Pointer words);

    private static native int fcntl(int file, int what, int value);

    private static native Pointer signal(int number, Pointer handler);

    /**
     * Starts the same program again in this process. Returns only if that fails; then nothing has changed.
     *
     * @param words its name and its arguments; each holds the bytes of one argument as ISO 8859-1
     * @throws LinkageError if there is no such call, or JNA may not be able to run its library
     */
    static void program(List<String> words) {
        closeOwnFiles();
        removeFigures();
        Map<Integer, Pointer> handlers = new HashMap<>();
        for (int number : ENDING) {
            // from here on the signal ends this process at once, and is not swallowed by the Java that is being replaced
            Pointer handler = signal(number, null);
            handlers.put(number, handler);
            if (IGNORED.equals(handler)) {
                signal(number, handler);
            }
        }
        if (!isEnding()) {
            execv(SELF, new StringArray(words.toArray(String[]::new), StandardCharsets.ISO_8859_1.name()));
        }
        handlers.forEach(Execv::signal);
    }

    // a signal that came just before is being handled by a thread of Java by now
    private static boolean isEnding() {
        Thread hook = new Thread();
        try {
            Thread.sleep(SETTLE_MILLIS);
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    // files that Java opened for itself; the other open files were inherited from the parent process
    private static void closeOwnFiles() {
        Set<String> own = Set.of("/dev/random", "/dev/urandom");
        String home = System.getProperty("java.home");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN)) {
            for (Path file : files) {
                String leadsTo = Files.isSymbolicLink(file) ? Files.readSymbolicLink(file).toString() : "";
                if (own.contains(leadsTo) || leadsTo.startsWith(home + "/") || leadsTo.endsWith(".jar")) {
                    fcntl(Integer.parseInt(file.getFileName().toString()), F_SETFD, FD_CLOEXEC);
                }
            }
        } catch (IOException e) {
            // some files stay open, which costs the new program a few descriptors
            return;
        }
    }

    // Java keeps these data for jps(1), and removes them only at an exit, which does not happen here
    private static void removeFigures() {
        Path folder = Path.of("/tmp", "hsperfdata_" + System.getProperty("user.name"));
        try {
            Files.deleteIfExists(folder.resolve(Long.toString(ProcessHandle.current().pid())));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // the folder is also used by another Java
            return;
        }
    }
}
