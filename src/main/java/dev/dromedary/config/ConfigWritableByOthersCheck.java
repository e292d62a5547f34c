package dev.dromedary.config;

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

import dev.dromedary.state.WritableByOthers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the configuration and the route files. These can make the program run any command, so a user who can write to them, or replace
 * them, has all rights of this process.
 */
public final class ConfigWritableByOthersCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWritableByOthersCheck.class);
    private static final String FILE = "file:";

    private ConfigWritableByOthersCheck() {
    }

    /**
     * Checks the files that a start reads. If the program runs as root, nobody else may be able to write to them; for other users it only
     * warns.
     *
     * @param config the configuration; null for none
     * @param routes Camel's {@code routesIncludePattern}; only its entries that begin with {@code file:} are checked
     */
    public static void check(Path config, String routes) throws ConfigurationException {
        List<ConfigFault> faults = new ArrayList<>();
        if (config != null) {
            fault(config).ifPresent(fault -> faults.add(told("--config " + config, fault)));
        }
        for (String entry : routes.split(",")) {
            if (entry.strip().startsWith(FILE)) {
                for (WritableByOthers fault : faults(entry.strip().substring(FILE.length()))) {
                    faults.add(told("routes", fault));
                }
            }
        }
        if (WritableByOthers.isRoot() && !faults.isEmpty()) {
            throw new ConfigurationException(faults);
        }
        faults.forEach(fault -> LOG.warn("{}", fault));
    }

    private static ConfigFault told(String what, WritableByOthers fault) {
        return new ConfigFault(what, null, fault.problem() + ", and could have any command run as " + System.getProperty("user.name"),
                fault.remedy());
    }

    /** {@return who else can write to a file or replace it; empty if nobody can} */
    public static Optional<WritableByOthers> fault(Path file) {
        try {
            Optional<WritableByOthers> own = Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? WritableByOthers.fault(file) : Optional.empty();
            if (own.isEmpty() && Files.isSymbolicLink(file)) {
                // whoever can write to the folder of a link's target can replace that file
                own = WritableByOthers.faultOfParent(file.toRealPath().getParent());
            }
            return own.isPresent() ? own : faultOfFolder(file);
        } catch (IOException e) {
            return Optional.of(new WritableByOthers(file + " can't be looked at (" + e + ')', "make it readable"));
        }
    }

    // for a relative path, the check goes up to the working directory
    private static Optional<WritableByOthers> faultOfFolder(Path path) throws IOException {
        Path folder = path.getParent();
        while (folder != null && !folder.toString().isEmpty() && !path.isAbsolute()) {
            Optional<WritableByOthers> fault = WritableByOthers.faultOfParent(folder);
            if (fault.isPresent()) {
                return fault;
            }
            folder = folder.getParent();
        }
        return WritableByOthers.faultOfParent(path.isAbsolute() && folder != null ? folder : Path.of("").toAbsolutePath());
    }

    private static Set<WritableByOthers> faults(String pattern) {
        Set<WritableByOthers> faults = new LinkedHashSet<>();
        int wildcard = pattern.replace('?', '*').indexOf('*');
        if (wildcard < 0) {
            fault(Path.of(pattern)).ifPresent(faults::add);
            return faults;
        }
        int slash = pattern.lastIndexOf('/', wildcard);
        Path folder = Path.of(slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash));
        PathMatcher names = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(pattern.lastIndexOf('/') + 1));
        // others must not be able to add files to the folder either
        fault(folder).ifPresent(faults::add);
        try (Stream<Path> files = Files.walk(folder, pattern.contains("**") ? Integer.MAX_VALUE : 1)) {
            files.filter(file -> !file.equals(folder) && names.matches(file.getFileName())).flatMap(file -> fault(file).stream())
                    .forEach(faults::add);
        } catch (IOException | UncheckedIOException e) {
            faults.add(new WritableByOthers(folder + " can't be looked at (" + e + ')', "make it readable"));
        }
        return faults;
    }
}
