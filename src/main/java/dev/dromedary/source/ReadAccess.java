package dev.dromedary.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Determines whether something can be read by trying it. access(2), which {@link Files#isReadable} calls, drops all capabilities first, and
 * a service may have its read permission from a capability (CAP_DAC_READ_SEARCH).
 */
public final class ReadAccess {

    private ReadAccess() {
    }

    /** {@return whether a folder can be listed and its entries can be accessed} */
    public static boolean isPossibleIn(Path folder) {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(folder)) {
            return Files.isDirectory(folder.resolve("."));
        } catch (IOException e) {
            return false;
        }
    }

    /** {@return whether a regular file can be read} */
    public static boolean isPossibleOf(Path file) {
        // this check is cheaper, and usually says yes
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
