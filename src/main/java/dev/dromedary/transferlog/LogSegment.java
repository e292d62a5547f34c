package dev.dromedary.transferlog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One file of the log; a later one has a higher number. */
record LogSegment(long number, Path path) {

    private static final Pattern NAME = Pattern.compile("transfers-(\\d{10})\\.jsonl");

    static LogSegment of(Path folder, long number) {
        return new LogSegment(number, folder.resolve(String.format(Locale.ROOT, "transfers-%010d.jsonl", number)));
    }

    /** {@return all of them, the oldest first; none if the folder does not exist} */
    static List<LogSegment> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> {
                Matcher name = NAME.matcher(file.getFileName().toString());
                return name.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        ? Stream.of(new LogSegment(Long.parseLong(name.group(1)), file)) : Stream.empty();
            }).sorted(Comparator.comparingLong(LogSegment::number)).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
