package dev.dromedary.init;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.dromedary.config.TargetUrl;
import dev.dromedary.config.TargetUrl.Kind;

/** Writes a first configuration, after it has tried the targets. */
public final class ConfigWizard {

    /** Tries a configuration, and reports the result. */
    @FunctionalInterface
    public interface Trial {

        /** {@return whether all is well} */
        boolean isWell(Path config) throws IOException;
    }

    private static final String USUAL_NAME = "www";

    private final Path config;
    private final PrintWriter out;
    private final Trial trial;

    /**
     * @param config the file to write; it must not exist yet
     * @param out    where questions and results are printed
     * @param trial  tries the new configuration before it gets its final name
     */
    public ConfigWizard(Path config, PrintWriter out, Trial trial) {
        this.config = config;
        this.out = out;
        this.trial = trial;
    }

    /**
     * Asks for what is not given, and writes the configuration.
     *
     * @param places    SOURCE TARGET...; none to ask for all of it
     * @param interview asks the questions; null to ask nobody
     * @return whether it was written and all of it works
     * @throws FileAlreadyExistsException if the configuration exists already
     * @throws IllegalArgumentException   if nobody is asked, and a place is missing or wrong; the message says which
     */
    public boolean run(List<String> places, Optional<BufferedReader> interview) throws IOException {
        if (Files.exists(config)) {
            throw new FileAlreadyExistsException(config + " is there already, and stays as it is; name another file by --config FILE");
        }
        InitialConfig draft = interview.isPresent() && places.isEmpty() ? asked(new Interview(interview.get(), out)) : given(places);
        Path folder = Files.createDirectories(config.toAbsolutePath().getParent());
        Path written = Files.createTempFile(folder, config.getFileName().toString(), ".new");
        try {
            Files.write(written, draft.lines());
            draft.targets().forEach(target -> ReceiverSetupAdvice.lines(target.url()).forEach(out::println));
            out.println();
            boolean well = trial.isWell(written);
            if (!well && interview.isPresent() && !new Interview(interview.get(), out).agrees("Not all of it works yet. Write it all the same")) {
                out.println("Nothing was written.");
                return false;
            }
            Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));
            // fails if somebody else has created one meanwhile
            Files.createLink(config, written);
            out.println();
            out.println("Written to " + config + ":");
            draft.lines().forEach(line -> out.println("    " + line));
            out.println(well ? "Start it: dromedary --config " + config : "Mend what is wrong, then: dromedary check --config " + config);
            return well;
        } finally {
            Files.deleteIfExists(written);
            out.flush();
        }
    }

    private InitialConfig asked(Interview interview) throws IOException {
        Path source = interview.source();
        String name = interview.name(USUAL_NAME);
        List<InitialConfig.Place> targets = new ArrayList<>();
        for (Optional<TargetUrl> next = interview.target(true); next.isPresent(); next = interview.target(false)) {
            TargetUrl url = next.get();
            String target = name(url, targets);
            targets.add(new InitialConfig.Place(target, url, url.kind() == Kind.DAEMON && url.user() != null
                    ? passwordFile(name + '-' + target, interview.password(url)) : null));
        }
        return new InitialConfig(name, source, targets);
    }

    private Path passwordFile(String name, String password) throws IOException {
        if (password.isEmpty()) {
            return null;
        }
        Path folder = Files.createDirectories(config.toAbsolutePath().getParent());
        Path file = folder.resolve(name + ".pass");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, List.of(password), StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
        return file;
    }

    private static InitialConfig given(List<String> places) {
        if (places.size() < 2) {
            throw new IllegalArgumentException("--yes asks nothing, so name a SOURCE and a TARGET");
        }
        Path source = Path.of(places.get(0)).toAbsolutePath().normalize();
        List<InitialConfig.Place> targets = new ArrayList<>();
        for (String place : places.subList(1, places.size())) {
            TargetUrl url = TargetUrl.parse(place, Path.of("").toAbsolutePath());
            targets.add(new InitialConfig.Place(name(url, targets), url, null));
        }
        return new InitialConfig(USUAL_NAME, source, targets);
    }

    // the first label of the host name, or the folder's name; with a number if it is taken
    private static String name(TargetUrl url, List<InitialConfig.Place> others) {
        String full = url.host() != null ? url.host().replaceFirst("\\..*", "") : String.valueOf(Path.of(url.path()).getFileName());
        String name = full.replaceAll("[^A-Za-z0-9_-]", "-").replaceFirst("^$", "target");
        long same = others.stream().filter(other -> other.name().equals(name) || other.name().startsWith(name + "-")).count();
        return same == 0 ? name : name + '-' + (same + 1);
    }
}
