package dev.dromedary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.Fault;
import dev.dromedary.state.FileOwnership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration and the route files, which can have any command run: whoever may write to them, or put others in their place,
 * can do what this process may.
 */
final class CommandFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CommandFiles.class);
    private static final String FILE = "file:";

    private CommandFiles() {
    }

    /**
     * Looks at the files that a start reads: as root nobody else may write to them, other users are warned.
     *
     * @param config the configuration; null for none
     * @param routes Camel's {@code routesIncludePattern}; of it the entries that begin with {@code file:} count
     */
    static void check(Path config, String routes) throws ConfigurationException {
        List<Fault> faults = new ArrayList<>();
        if (config != null) {
            fault(config).ifPresent(fault -> faults.add(told("--config " + config, fault)));
        }
        for (String entry : routes.split(",")) {
            if (entry.strip().startsWith(FILE)) {
                for (FileOwnership fault : faults(entry.strip().substring(FILE.length()))) {
                    faults.add(told("routes", fault));
                }
            }
        }
        if (FileOwnership.isRoot() && !faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
        faults.forEach(fault -> LOG.warn("{}", fault));
    }

    private static Fault told(String what, FileOwnership fault) {
        return new Fault(what, null, fault.problem() + ", and could have any command run as " + System.getProperty("user.name"),
                fault.remedy());
    }

    /** {@return who else may write to a file, or put another in its place; empty if nobody} */
    static Optional<FileOwnership> fault(Path file) {
        try {
            Optional<FileOwnership> own = Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? FileOwnership.fault(file) : Optional.empty();
            if (own.isEmpty() && Files.isSymbolicLink(file)) {
                // who may write to where it leads may put another file there
                own = FileOwnership.faultOfParent(file.toRealPath().getParent());
            }
            return own.isPresent() ? own : faultOfFolder(file);
        } catch (IOException e) {
            return Optional.of(new FileOwnership(file + " can't be looked at (" + e + ')', "make it readable"));
        }
    }

    // a relative path is one below the working directory, which is the last that is looked at
    private static Optional<FileOwnership> faultOfFolder(Path path) throws IOException {
        Path folder = path.getParent();
        while (folder != null && !folder.toString().isEmpty() && !path.isAbsolute()) {
            Optional<FileOwnership> fault = FileOwnership.faultOfParent(folder);
            if (fault.isPresent()) {
                return fault;
            }
            folder = folder.getParent();
        }
        return FileOwnership.faultOfParent(path.isAbsolute() && folder != null ? folder : Path.of("").toAbsolutePath());
    }

    private static Set<FileOwnership> faults(String pattern) {
        Set<FileOwnership> faults = new LinkedHashSet<>();
        int wildcard = pattern.replace('?', '*').indexOf('*');
        if (wildcard < 0) {
            fault(Path.of(pattern)).ifPresent(faults::add);
            return faults;
        }
        int slash = pattern.lastIndexOf('/', wildcard);
        Path folder = Path.of(slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash));
        PathMatcher names = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(pattern.lastIndexOf('/') + 1));
        // to the folder itself nobody may add a file either
        fault(folder).ifPresent(faults::add);
        try (Stream<Path> files = Files.walk(folder, pattern.contains("**") ? Integer.MAX_VALUE : 1)) {
            files.filter(file -> !file.equals(folder) && names.matches(file.getFileName())).flatMap(file -> fault(file).stream())
                    .forEach(faults::add);
        } catch (IOException | UncheckedIOException e) {
            faults.add(new FileOwnership(folder + " can't be looked at (" + e + ')', "make it readable"));
        }
        return faults;
    }
}
