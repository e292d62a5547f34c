package dev.dromedary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigFile;

/** The mirrors and targets of the configuration that is usual here, for the completion of a shell. */
final class CompletionCandidates implements Iterable<String> {

    private static final Pattern TARGET = Pattern.compile("mirror\\.([A-Za-z0-9_-]+)\\.target\\.([A-Za-z0-9_-]+)\\.url");

    @Override
    public Iterator<String> iterator() {
        TreeSet<String> names = new TreeSet<>();
        Stream.of(Path.of("config/application.properties"), Path.of("/etc/dromedary/application.properties"))
                .filter(Files::isReadable).findFirst().ifPresent(file -> {
                    try {
                        ConfigFile.read(file).stringPropertyNames().stream().map(TARGET::matcher).filter(Matcher::matches).forEach(target -> {
                            names.add(target.group(1));
                            names.add(target.group(1) + '/' + target.group(2));
                        });
                    } catch (IOException e) {
                        // then there are none to offer; a start says why
                        names.clear();
                    }
                });
        return names.iterator();
    }
}
