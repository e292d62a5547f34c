package dev.dromedary.sersync;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The valid content of a confxml.xml (sersync 2.5.4). Everything else in the file is reported; sersync ignores it silently. */
final class ConfxmlSchema {

    private static final Map<String, Set<String>> KNOWN = new HashMap<>();
    private static final Set<String> SEVERAL = Set.of("head/filter/exclude", "head/sersync/localpath",
            "head/sersync/localpath/remote", "head/sersync/crontab/crontabfilter/exclude", "head/plugin",
            "head/plugin/filter/include");
    private static final Set<String> SWITCHES = Set.of("start", "xfs", "ignoreError", "regex");

    static {
        element("head", "version");
        element("head/host", "hostip", "port");
        element("head/debug", "start");
        element("head/fileSystem", "xfs");
        element("head/filter", "start");
        element("head/filter/exclude", "expression");
        element("head/inotify");
        for (String event : InotifyConversion.NAMES) {
            element("head/inotify/" + event, "start");
        }
        element("head/sersync");
        element("head/sersync/localpath", "watch");
        element("head/sersync/localpath/remote", "ip", "name");
        element("head/sersync/rsync");
        element("head/sersync/rsync/commonParams", "params");
        element("head/sersync/rsync/auth", "start", "users", "passwordfile");
        element("head/sersync/rsync/userDefinedPort", "start", "port");
        element("head/sersync/rsync/timeout", "start", "time");
        element("head/sersync/rsync/ssh", "start");
        element("head/sersync/failLog", "path", "timeToExecute");
        element("head/sersync/crontab", "start", "schedule");
        element("head/sersync/crontab/crontabfilter", "start");
        element("head/sersync/crontab/crontabfilter/exclude", "expression");
        element("head/sersync/plugin", "start", "name");
        element("head/plugin", "name");
        element("head/plugin/param", "prefix", "suffix", "ignoreError");
        element("head/plugin/filter", "start");
        element("head/plugin/filter/include", "expression");
        element("head/plugin/localpath", "watch");
        element("head/plugin/localpath/deshost", "ip", "port");
        element("head/plugin/localpath/cdninfo", "domainname", "port", "username", "passwd");
        element("head/plugin/localpath/sendurl", "base");
        element("head/plugin/localpath/regexurl", "regex", "match");
    }

    private final ConversionNotes findings;
    private final boolean anotherEncoding;

    private ConfxmlSchema(ConversionNotes findings, boolean anotherEncoding) {
        this.findings = findings;
        this.anotherEncoding = anotherEncoding;
    }

    private static void element(String path, String... attributes) {
        KNOWN.put(path, Set.of(attributes));
    }

    /** Reports what is unknown in the file, is there too often, or is neither true nor false. */
    static void check(ConfxmlReader file, ConversionNotes findings) {
        new ConfxmlSchema(findings, file.declaresAnotherEncoding()).check(file.root(), file.root().name());
    }

    // does not descend into unknown elements
    private void check(ConfxmlElement element, String path) {
        element.attributes().forEach((name, value) -> attribute(element, path, name, value));
        if (path.equals("head/plugin") && element.get("name").equals("http")) {
            return; // its content was never documented, and sersync does not read it
        }
        Set<String> seen = new HashSet<>();
        for (ConfxmlElement child : element.children()) {
            String there = path + "/" + child.name();
            if (!KNOWN.containsKey(there)) {
                findings.notTaken(child, "", "sersync 2.5 has no such element in <" + element.name()
                        + ">, so it did nothing; look whether it is misspelt");
            } else if (!seen.add(child.name()) && !SEVERAL.contains(there)) {
                findings.notTaken(child, "", "it is there a second time, and sersync reads the first only; take one out");
            } else {
                check(child, there);
            }
        }
    }

    private void attribute(ConfxmlElement element, String path, String name, String value) {
        if (!KNOWN.get(path).contains(name)) {
            findings.notTaken(element, name, "sersync 2.5 has no such attribute in <" + element.name()
                    + ">, so it did nothing; look whether it is misspelt");
        } else if (SWITCHES.contains(name) && !value.equals("true") && !value.equals("false")) {
            findings.notTaken(element, name + "=\"" + value + "\"",
                    "this is neither true nor false; sersync takes it for false, and so"
                    + " does this; correct it if it was to be on");
        } else if (anotherEncoding && value.chars().anyMatch(c -> c > 127)) {
            findings.notTaken(element, name + "=\"" + value + "\"", "it was read in the encoding that the file declares,"
                    + " while sersync takes its bytes as they are; look whether the letters are right");
        }
    }
}
