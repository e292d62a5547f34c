package dev.dromedary.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.dromedary.change.RawPath;
import dev.dromedary.mount.FolderNesting;
import dev.dromedary.mount.MountTable;

/** The location of a target's files, whatever the form of its url: two targets at one location would undo each other's work. */
record CanonicalLocation(TargetUrl.Kind kind, String host, int port, List<String> path) {

    static CanonicalLocation of(TargetUrl url) {
        return switch (url.kind()) {
            case LOCAL -> local(RawPath.of(FolderNesting.real(Path.of(url.path()))));
            case DAEMON -> remote(url, 873);
            case SSH -> remote(url, 22);
            case TOPIC -> new CanonicalLocation(url.kind(), "", 0, List.of(url.path()));
        };
    }

    /** {@return whether the other location is this one or lies inside it} */
    boolean holds(CanonicalLocation other) {
        return kind == other.kind && host.equals(other.host) && port == other.port
                && other.path.size() >= path.size() && other.path.subList(0, path.size()).equals(path);
    }

    private static CanonicalLocation remote(TargetUrl url, int defaultPort) {
        List<String> path = new ArrayList<>();
        for (String name : url.path().split("/")) {
            if (name.equals("..") && !path.isEmpty()) {
                path.remove(path.size() - 1);
            } else if (!name.isEmpty() && !name.equals(".") && !name.equals("..")) {
                path.add(name);
            }
        }
        int port = url.port() == null ? defaultPort : url.port();
        return new CanonicalLocation(url.kind(), url.host().toLowerCase(Locale.ROOT), port, path);
    }

    // bind mounts make one folder visible at several paths
    private static CanonicalLocation local(String real) {
        MountTable.Place place = FolderNesting.now().place(real).orElse(new MountTable.Place("", real));
        return new CanonicalLocation(TargetUrl.Kind.LOCAL, place.device(), 0,
                Stream.of(place.path().split("/")).filter(name -> !name.isEmpty()).toList());
    }
}
