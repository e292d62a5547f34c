package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.dromedary.mount.MountTable;
import org.apache.camel.component.exec.ExecCommand;

/**
 * An rsync that was started, has connected and logged in, and waits for its list on standard input. Its options, password and rules are
 * those of its start, and its working directory is the source at that time; it reads that folder only when the list arrives. An empty list
 * transfers nothing, though it creates an empty folder if the target was removed meanwhile.
 */
final class WarmRsync {

    // a log is written, not read
    private static final Pattern FILE = Pattern.compile("--(?!log-file=)[a-z-]+=(?:merge )?(/.*)");
    private static final int MOST_WORDS = 4096;
    private static final long END_WITHIN_SECONDS = 2;

    private final Process process;
    private final List<String> line;
    private final Object folder;
    private final MountTable mounts;
    private final Map<Path, Object> files;
    private final boolean endsByItself;
    private final long startedNanos = System.nanoTime();

    private WarmRsync(Process process, List<String> line, Object folder, MountTable mounts, Map<Path, Object> files, boolean endsByItself) {
        this.process = process;
        this.line = line;
        this.folder = folder;
        this.mounts = mounts;
        this.files = files;
        this.endsByItself = endsByItself;
    }

    /**
     * Starts one.
     *
     * @param endsByItself whether it is ended by an empty list, as a daemon logs an error otherwise. Except in the top folder of a module,
     *                     an empty list would create an empty folder if the target was removed meanwhile
     * @throws IOException if it can't be started, or the files that it depends on can't be examined
     */
    static WarmRsync start(RsyncExecutor rsync, ExecCommand command, boolean endsByItself) throws IOException {
        // later changes are noticed at the latest when it is to be used
        List<String> line = line(command);
        MountTable mounts = MountTable.read();
        Map<Path, Object> files = files(command);
        Object folder = inode(Path.of(command.getWorkingDir()));
        return new WarmRsync(rsync.start(command), line, folder, mounts, files, endsByItself);
    }

    /** Returns whether it would do the same as a run of this command that is started now. */
    boolean fits(ExecCommand command) {
        try {
            return process.isAlive() && line.equals(line(command)) && MountTable.read() == mounts && files.equals(files(command))
                    && inode(Path.of(command.getWorkingDir())).equals(folder)
                    && inode(Path.of("/proc", Long.toString(process.pid()), "cwd")).equals(folder);
        } catch (IOException e) {
            // the run that is started in its place will report the error
            return false;
        }
    }

    Process process() {
        return process;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long waitedNanos() {
        return System.nanoTime() - startedNanos;
    }

    /** Returns the exit code of a process that has ended. */
    int exit() {
        return process.exitValue();
    }

    /** Returns the error output of a process that has ended. */
    String said() throws IOException {
        return new String(process.getErrorStream().readNBytes(MOST_WORDS), StandardCharsets.ISO_8859_1);
    }

    /** Ends it; returns at once. */
    void end() {
        if (!endsByItself) {
            destroy();
            return;
        }
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it has ended
            return;
        }
        process.onExit().orTimeout(END_WITHIN_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
            destroy();
            return process;
        });
    }

    private void destroy() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static List<String> line(ExecCommand command) {
        List<String> line = new ArrayList<>(command.getArgs());
        line.add(0, command.getExecutable());
        line.add(command.getWorkingDir());
        return line;
    }

    // the files that it reads at its start: filter rules, the password, and any other file that an argument names
    private static Map<Path, Object> files(ExecCommand command) throws IOException {
        Map<Path, Object> files = new HashMap<>();
        for (String argument : command.getArgs()) {
            Matcher named = FILE.matcher(argument);
            if (named.matches() && Files.isRegularFile(Path.of(named.group(1)))) {
                Path file = Path.of(named.group(1));
                files.put(file, Files.readAttributes(file, "unix:ino,dev,size,lastModifiedTime,ctime"));
            }
        }
        return files;
    }

    private static Map<String, Object> inode(Path folder) throws IOException {
        return Files.readAttributes(folder, "unix:dev,ino");
    }
}
