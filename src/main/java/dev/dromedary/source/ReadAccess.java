package dev.dromedary.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether something can be read, found out by doing it. access(2), which {@link Files#isReadable} asks, takes away all
 * capabilities before it answers, and a service may have its right to read from one (CAP_DAC_READ_SEARCH).
 */
public final class ReadAccess {

    private ReadAccess() {
    }

    /** Whether a folder can be listed, and what is in it be reached. */
    public static boolean isPossibleIn(Path folder) {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
            return Files.isDirectory(folder.resolve("."));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether an ordinary file can be read. */
    public static boolean isPossibleOf(Path file) {
        // asking is cheaper, and mostly the answer is yes
        if (Files.isReadable(file)) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
