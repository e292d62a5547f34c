package dev.dromedary.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.change.RawPath;
import dev.dromedary.text.HumanReadable;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Reports changes that the kernel does not report. Paths are in the notation of {@link RawPath}. */
@Command(name = "changed", mixinStandardHelpOptions = true, sortOptions = false, description = "Says that these paths have changed, so that they"
        + " are sent at once: a file, a folder with all in it, or what is gone. For sources whose changes the kernel does not report, such as"
        + " by NFS, SMB or FUSE.", footer = {"", "Examples:", "  dromedary changed /data/www/index.html /data/www/img",
            "  find . -newer .stamp -print0 | dromedary changed --from0 -"}, exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:they are pending", "1:it could not be asked, or said no", "2:a path is below no source, or an argument is wrong"})
public final class ChangedCommand extends ClientCommand {

    // less than one request may have, so that a busy machine answers in time
    private static final int MOST_PATHS = 10_000;
    private static final int MOST_BYTES = 1 << 20;
    private static final int LONGEST = 1 << 16;

    @Parameters(paramLabel = "PATH", arity = "0..*", description = "Absolute, or from the working directory on; below a source.")
    private List<String> paths = List.of();

    @Option(names = {"-0", "--from0"}, paramLabel = "FILE", description = "More paths, each ended by a NUL; - is standard input.")
    private String from;

    @Override
    int talk(ServerClient server) throws ServerClient.Failure {
        if (paths.isEmpty() && from == null) {
            throw new ParameterException(spec().commandLine(), "name a PATH, or a list of them by --from0 FILE");
        }
        Map<String, String> sources = sources(server.get("/api/status"));
        List<String> all = paths.stream().map(ChangedCommand::raw).collect(Collectors.toCollection(ArrayList::new));
        if (from != null) {
            all.addAll(list());
        }
        Map<String, List<String>> byMirror = new LinkedHashMap<>();
        for (String path : all) {
            String absolute = absolute(path);
            List<String> mirrors = sources.entrySet().stream().filter(each -> isBelow(absolute, each.getValue())).map(Map.Entry::getKey).toList();
            if (mirrors.isEmpty()) {
                throw new ParameterException(spec().commandLine(), RawPath.shown(path) + ": this is below no source; there are "
                        + sources.entrySet().stream().map(each -> RawPath.shown(each.getValue()) + " (" + each.getKey() + ")").collect(Collectors.joining(", ")));
            }
            mirrors.forEach(mirror -> byMirror.computeIfAbsent(mirror, m -> new ArrayList<>()).add(absolute));
        }
        for (Map.Entry<String, List<String>> each : byMirror.entrySet()) {
            send(server, each.getKey(), each.getValue());
        }
        return CommandLine.ExitCode.OK;
    }

    private void send(ServerClient server, String mirror, List<String> all) throws ServerClient.Failure {
        long taken = 0;
        long leftOut = 0;
        JsonArray part = new JsonArray();
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            String escaped = RawPath.escape(all.get(i));
            part.add(escaped);
            bytes += escaped.length();
            if (part.size() == MOST_PATHS || bytes > MOST_BYTES || i == all.size() - 1) {
                JsonObject answer = server.post("/api/mirrors/" + mirror + "/changed", part.toJson());
                taken += answer.getLong("taken");
                leftOut += answer.getLong("leftOut");
                part = new JsonArray();
                bytes = 0;
            }
        }
        out().println(mirror + ": " + HumanReadable.plural(taken, "path") + " pending" + (leftOut == 0 ? "" : ", " + leftOut + " left out of the mirror"));
    }

    // returns the sources of the mirrors that are not pulled, as they are configured
    private static Map<String, String> sources(JsonObject status) {
        return list(status, "mirrors").filter(mirror -> !mirror.containsKey("topic")).collect(Collectors.toMap(mirror -> mirror.getString("name"),
                mirror -> RawPath.of(Path.of(mirror.getString("source"))), (one, other) -> one, LinkedHashMap::new));
    }

    private static boolean isBelow(String path, String source) {
        return source.equals("/") || RawPath.isAt(path, source) || RawPath.isAt(path, real(source)) || RawPath.isAt(throughLinks(path), real(source));
    }

    private static String real(String path) {
        try {
            return RawPath.of(RawPath.toPath(Path.of("/"), path.substring(1)).toRealPath());
        } catch (IOException e) {
            return path;
        }
    }

    // follows links, but not in the last part of the path: there the link counts
    private static String throughLinks(String path) {
        String above = RawPath.parent(path);
        return above.isEmpty() ? path : RawPath.child(real(above), path.substring(above.length() + 1));
    }

    private String absolute(String path) {
        String absolute = path.startsWith("/") ? path : RawPath.of(Path.of("")) + '/' + path;
        if (path.isEmpty() || path.length() > LONGEST) {
            throw new ParameterException(spec().commandLine(), path.isEmpty() ? "a path is empty; . is the working directory"
                    : RawPath.shown(path) + ": this is longer than any path");
        }
        List<String> names = new ArrayList<>();
        for (String name : absolute.split("/")) {
            if (name.equals("..")) {
                // the target of a link may lie in another folder than the link
                names = new ArrayList<>(Arrays.asList(RawPath.parent(real('/' + String.join("/", names))).split("/")));
                names.removeIf(String::isEmpty);
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
        }
        return '/' + String.join("/", names);
    }

    private List<String> list() {
        try (InputStream in = from.equals("-") ? System.in : Files.newInputStream(Path.of(from))) {
            return Stream.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).split("\0")).filter(path -> !path.isEmpty()).toList();
        } catch (IOException e) {
            throw new ParameterException(spec().commandLine(), "--from0 " + from + ": it can't be read (" + e.getMessage() + ")", e);
        }
    }

    // returns the bytes of an argument as the kernel has them: Java replaces what it can't decode
    private static String raw(String argument) {
        if (argument.chars().allMatch(c -> c < 0x80)) {
            return argument;
        }
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        try {
            String line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
            return Stream.of(line.split("\0")).filter(each -> new String(RawPath.bytes(each), names).equals(argument)).findFirst()
                    .orElseGet(() -> new String(argument.getBytes(names), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new String(argument.getBytes(names), StandardCharsets.ISO_8859_1);
        }
    }
}
