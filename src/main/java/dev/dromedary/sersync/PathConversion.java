package dev.dromedary.sersync;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.dromedary.config.TargetUrl;

/** Converts {@code <localpath>} and {@code <remote>}: the sources and the targets. */
final class PathConversion {

    private final ConfxmlElement rsync;
    private final ConfigDraft draft;
    private final ConversionNotes findings;
    private final Set<String> mirrorNames = new HashSet<>();

    private PathConversion(ConfxmlElement rsync, ConfigDraft draft, ConversionNotes findings) {
        this.rsync = rsync;
        this.draft = draft;
        this.findings = findings;
    }

    static void read(ConfxmlElement head, ConfigDraft draft, ConversionNotes findings) {
        ConfxmlElement sersync = head.first("sersync");
        PathConversion places = new PathConversion(sersync.first("rsync"), draft, findings);
        List<ConfxmlElement> localpaths = sersync.all("localpath");
        localpaths.forEach(localpath -> places.localpath(localpath, localpath == localpaths.get(0)));
        places.port();
    }

    private void localpath(ConfxmlElement localpath, boolean first) {
        String watch = localpath.get("watch");
        String shown = "watch=\"" + watch + "\"";
        String problem = !watch.startsWith("/") ? "it is not an absolute path; write it out, with its mirror"
                : PropertiesEscaping.problem(watch) != null ? PropertiesEscaping.problem(watch) + "; give the folder another name" : null;
        if (problem != null) {
            findings.notTaken(localpath, shown, problem);
            return;
        }
        String source = watch.length() > 1 ? watch.replaceAll("/+$", "") : watch;
        List<ConfigDraft.Target> targets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        localpath.all("remote").forEach(remote -> target(remote, names, targets));
        if (targets.isEmpty()) {
            findings.notTaken(localpath, shown, "it has no <remote> that could be taken over; write the mirror by hand");
            return;
        }
        String name = unique(PropertiesEscaping.name(source.substring(source.lastIndexOf('/') + 1), "mirror"), mirrorNames);
        draft.mirror(new ConfigDraft.Mirror(name, source, targets));
        if (first) {
            findings.taken(localpath, shown, "mirror." + name + ".source");
        } else {
            findings.notTaken(localpath, shown, "sersync mirrors the first <localpath> only and passed over this one."
                    + " mirror." + name + " is written for it; take it out unless its targets may be overwritten");
        }
    }

    private void target(ConfxmlElement remote, Set<String> names, List<ConfigDraft.Target> targets) {
        String ip = remote.get("ip");
        String place = remote.get("name");
        String shown = "ip=\"" + ip + "\" name=\"" + place + "\"";
        String url = url(ip, place);
        try {
            if (ip.isEmpty() || place.isEmpty()) {
                throw new IllegalArgumentException("sersync needs both; write the target by hand");
            }
            if (rsync.first("ssh").isOn() && !place.startsWith("/")) {
                throw new IllegalArgumentException("with ssh the name is a folder, here an absolute one; write it out");
            }
            TargetUrl.parse(url, Path.of("/"));
            String module = place.replaceAll("/+$", "");
            String name = PropertiesEscaping.name(ip.substring(ip.lastIndexOf('@') + 1), "target");
            if (names.contains(name)) {
                name = PropertiesEscaping.name(name + "-" + module.substring(module.lastIndexOf('/') + 1), name);
            }
            targets.add(new ConfigDraft.Target(unique(name, names), url));
            findings.taken(remote, shown, url);
        } catch (IllegalArgumentException e) {
            findings.notTaken(remote, shown, e.getMessage());
        }
    }

    private String url(String ip, String place) {
        String users = rsync.first("auth").isOn() ? rsync.first("auth").get("users") : "";
        String user = users.isEmpty() || ip.contains("@") ? "" : users + "@";
        // a bare IPv6 address has more than one colon
        String host = ip.matches("[0-9A-Fa-f]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*") ? "[" + ip + "]" : ip;
        String port = port(rsync).isEmpty() ? "" : ":" + port(rsync);
        return (rsync.first("ssh").isOn() ? "ssh://" : "rsync://") + user + host + port
                + "/" + place.replaceAll("^/+|/+$", "") + "/";
    }

    private static String port(ConfxmlElement rsync) {
        ConfxmlElement port = rsync.first("userDefinedPort");
        return port.isOn() ? port.get("port") : "";
    }

    private void port() {
        ConfxmlElement port = rsync.first("userDefinedPort");
        boolean ssh = rsync.first("ssh").isOn();
        String shown = "port=\"" + port.get("port") + "\"";
        if (port.isOn() && ssh) {
            findings.notTaken(port, shown, "sersync gave it to rsync as --port, which does nothing with ssh. In the url it is"
                    + " now ssh's port, as was surely meant; if ssh listens elsewhere, correct it");
        } else if (port.isOn()) {
            findings.taken(port, shown, "in the url");
        } else if (port.isThere()) {
            findings.notNeeded(port, shown, "it is switched off");
        }
        if (rsync.first("ssh").isThere()) {
            findings.taken(rsync.first("ssh"), "start=\"" + rsync.first("ssh").get("start") + "\"",
                    ssh ? "in the url; ssh asks for nothing here, so it needs a key" : "in the url");
        }
    }

    private static String unique(String name, Set<String> taken) {
        String unique = name;
        for (int i = 2; !taken.add(unique); i++) {
            unique = name + "-" + i;
        }
        return unique;
    }
}
