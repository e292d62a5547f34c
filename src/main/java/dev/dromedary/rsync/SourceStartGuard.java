package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.dromedary.source.SourceGoneException;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.component.exec.ExecCommand;

/**
 * Ends a run that was started in another folder than its source. From its start on a process keeps its working directory, even if another
 * file system is mounted at the path ({@code /proc/PID/cwd}, proc(5)); so one that stands in the right folder sees it until its end.
 */
public record SourceStartGuard(SourceGuard source) implements StartGuard {

    @Override
    public void check(Process process, ExecCommand command) throws IOException {
        Path path = source.path();
        if (!path.toString().equals(command.getWorkingDir())) {
            return;
        }
        source.check();
        try {
            Path here = Path.of("/proc", Long.toString(process.pid()), "cwd");
            if (!folder(here).equals(folder(path))) {
                throw new SourceGoneException(path + " was replaced by another folder while rsync was started");
            }
        } catch (NoSuchFileException e) {
            // it has ended by itself
            return;
        }
    }

    private static String folder(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev") + " " + Files.getAttribute(path, "unix:ino");
    }
}
