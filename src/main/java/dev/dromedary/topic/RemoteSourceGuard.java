package dev.dromedary.topic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.Target;
import dev.dromedary.filter.PathFilter;
import dev.dromedary.source.SameSourceHeuristic;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.component.exec.ExecBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether a source on another machine is still the same. If its disk is not mounted, the folder is empty, or another disk may lie in
 * its place, and a run would delete local files that it does not find there. So before a run the source is asked for its known names. At
 * least half of them have to exist, or half of those that its owner has reported since ({@link SameSourceHeuristic}). Names that its owner
 * reports from another file system count only if a person has declared at the source that it replaces the old one. A file system below the
 * source has to have one of the names that its owner has reported of it. A source that its owner has halted is not asked for anything. Used
 * by several threads.
 */
public final class RemoteSourceGuard {

    /** Property: the names in file systems below the source that were probed. */
    static final String ASKED = "DromedaryAsked";

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSourceGuard.class);
    private static final long SURE_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);
    // clocks that differ by more make each status an old one
    private static final long RECENT_MILLIS = 1000;
    private static final long WRITE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    // the columns of rsync(1), --list-only: permissions, size, day, time and name
    private static final Pattern LISTED = Pattern.compile("^(\\S)\\S+ .*?\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d (.*)$");
    private static final Pattern ESCAPED = Pattern.compile("\\\\#([0-3][0-7]{2})");
    private static final String LINK = " -> ";

    private final Path folder;
    private final String url;
    private final RemoteSourceFingerprint memory;
    private final RemoteSubmounts submounts;
    private RemoteSourceFingerprint.Seen remembered;
    private SourceIdentity said;
    private String halted;
    private boolean accepted;
    private boolean sure;
    private long sureSinceNanos;
    private boolean written;
    private long writtenNanos;

    /**
     * @param folder  the local folder
     * @param url     the location of the source, for messages
     * @param leftOut what is excluded from the mirror here
     * @param file    the file that keeps its identity between starts
     */
    public RemoteSourceGuard(Path folder, String url, PathFilter leftOut, Path file) {
        this.folder = folder;
        this.url = url;
        this.memory = new RemoteSourceFingerprint(file, url);
        this.remembered = memory.read();
        this.submounts = new RemoteSubmounts(url, folder, leftOut, memory);
    }

    /** {@return the file that keeps the identity of a mirror's source} */
    public static Path file(Path stateDir, String mirror) {
        return stateDir.resolve("remote").resolve(mirror + ".json");
    }

    /**
     * Notes the status that its owner has sent. Its owner has examined the source for that, so a recent status is as good as a probe: the
     * certainty of the last probe lasts on.
     *
     * @param identity  the identity of the source
     * @param why       why its owner has halted it; null if it has not
     * @param ageMillis how long ago it was sent, by the clocks of both machines; negative if they differ
     */
    synchronized void said(SourceIdentity identity, String why, long ageMillis) {
        RemoteSubmounts.News news = submounts.said(identity);
        if (why == null) {
            said = new SourceIdentity(identity.names().stream().filter(SameSourceHeuristic::tells).toList(), identity.fileSystem(), identity.replaced(),
                    identity.missing(), identity.mounted());
        }
        halted = why;
        if (why == null && Math.abs(ageMillis) < RECENT_MILLIS && isOfTheKnown(said)) {
            sureSinceNanos = System.nanoTime();
        }
        if (remembered != null && (news == RemoteSubmounts.News.MOUNTS || news == RemoteSubmounts.News.NAMES && isToBeWritten())) {
            write();
        }
    }

    /** {@return the file systems below the source} */
    public RemoteSubmounts submounts() {
        return submounts;
    }

    // an owner that has forgotten the source says the same of any disk
    private boolean isOfTheKnown(SourceIdentity now) {
        return remembered != null && !now.names().isEmpty() && isSameFileSystem() && SameSourceHeuristic.areMost(now.names(), remembered.names());
    }

    /** Accepts the source in its current state, on a person's request. */
    public synchronized void accept() {
        accepted = true;
        sure = false;
        LOG.warn("{}: accepted as the source as it is now, by hand", url);
    }

    /** Ends the run here if the owner of the source has halted it. */
    public synchronized void heed(Exchange exchange) {
        if (halted != null && !accepted) {
            end(exchange, url + " is halted by its owner: " + halted + ". Nothing is compared with it until it is back");
        }
    }

    /** Has the source probed before the next run if a run did not find all that it was to fetch. The source may be gone. */
    public synchronized void heedExit(@Header(ExecBinding.EXEC_EXIT_VALUE) int exit) {
        sure &= exit == 0;
    }

    /**
     * Returns whether the source has to be probed: always before whole folders are compared and after deletions were counted, else at most once
     * a second, and not while its owner sends recent records. It is not probed if there are no local files that could be deleted.
     */
    public synchronized boolean isInDoubt(@ExchangeProperty(BacklogEndpoint.TREES) boolean trees, @ExchangeProperty("DromedaryCounted") Boolean counted)
            throws IOException {
        boolean sureNow = !trees && !Boolean.TRUE.equals(counted) && sure && System.nanoTime() - sureSinceNanos < SURE_FOR_NANOS;
        return !sureNow && !RawPath.namesIn(folder, 1).isEmpty();
    }

    /** {@return the names to probe, as rsync's {@code --files-from=- --from0}} */
    public byte[] question(Exchange exchange) throws IOException {
        Map<String, List<String>> inMounts = submounts.namesHere();
        exchange.setProperty(ASKED, inMounts);
        return question(inMounts);
    }

    byte[] question(Map<String, List<String>> inMounts) throws IOException {
        return RawPath.bytes(String.join("", asked(inMounts).stream().map(name -> "./" + name + '\0').toList()));
    }

    private Set<String> asked(Map<String, List<String>> inMounts) throws IOException {
        Set<String> names = new LinkedHashSet<>(namesHere());
        synchronized (this) {
            names.addAll(said == null ? List.of() : said.names());
            names.addAll(remembered == null ? Set.of() : remembered.names());
        }
        inMounts.values().forEach(names::addAll);
        return names;
    }

    private List<String> namesHere() throws IOException {
        return RawPath.namesIn(folder, SameSourceHeuristic.MOST).stream().filter(name -> SameSourceHeuristic.tells(name) && !name.equals(Target.HOLDING)).toList();
    }

    /**
     * Returns whether the source is still the same, by rsync's list of the probed names. A source that was never probed has to have half of
     * the local names, except in the very first run, which is checked separately.
     */
    public boolean isKnown(@Body String listed, @ExchangeProperty("DromedaryFirstRun") Boolean first, @ExchangeProperty(ASKED) Map<String, List<String>> inMounts,
            @Header(ExecBinding.EXEC_EXIT_VALUE) int exit) throws IOException {
        Set<String> asked = asked(inMounts);
        Set<String> found = new TreeSet<>();
        listed.lines().flatMap(RemoteSourceGuard::names).filter(asked::contains).forEach(found::add);
        Set<String> there = found.stream().filter(name -> name.indexOf('/') < 0).collect(Collectors.toCollection(TreeSet::new));
        List<String> here = namesHere();
        synchronized (this) {
            // if a name can't be looked at, rsync deletes nothing
            submounts.probed(exit == 0 ? inMounts : Map.of(), found, accepted);
            sure = accepted || submounts.unmounted() == null && (isSame(there, here, Boolean.TRUE.equals(first)) || isToldOfTheSame() && SameSourceHeuristic.areMost(said.names(), there));
            if (sure) {
                isSure(there);
            }
            return sure;
        }
    }

    private boolean isSame(Set<String> there, List<String> here, boolean first) {
        return remembered == null ? first || SameSourceHeuristic.areMost(here, there)
                // a source that its owner has seen being emptied may return in any form
                : remembered.names().isEmpty() || SameSourceHeuristic.areMost(remembered.names(), there);
    }

    // an owner that has lost its memory takes any disk for the right one
    private boolean isToldOfTheSame() {
        return said != null && (isSameFileSystem() || remembered.fileSystem().equals(said.replaced()));
    }

    private boolean isSameFileSystem() {
        return said == null || remembered == null || remembered.fileSystem() == null || said.fileSystem() == null
                || remembered.fileSystem().equals(said.fileSystem());
    }

    private void isSure(Set<String> there) {
        sureSinceNanos = System.nanoTime();
        accepted = false;
        RemoteSourceFingerprint.Seen seen = new RemoteSourceFingerprint.Seen(there, said != null && said.fileSystem() != null ? said.fileSystem()
                : remembered == null ? null : remembered.fileSystem());
        if (seen.equals(remembered) && written) {
            return;
        }
        remembered = seen;
        if (isToBeWritten()) {
            write();
        }
    }

    private boolean isToBeWritten() {
        return !written || System.nanoTime() - writtenNanos > WRITE_EVERY_NANOS;
    }

    private void write() {
        written = true;
        writtenNanos = System.nanoTime();
        memory.write(remembered, submounts.missing(), submounts.mounted());
    }

    /** Returns whether the source is empty, both by rsync's list of its content and by its owner's report. */
    public synchronized boolean isEmptied(@Body String listed) {
        sure = submounts.unmounted() == null && isToldOfTheSame() && said.names().isEmpty() && listed.lines().skip(1).flatMap(RemoteSourceGuard::names).noneMatch(SameSourceHeuristic::tells);
        if (sure) {
            isSure(Set.of());
        }
        return sure;
    }

    // a name may itself look like a link
    private static Stream<String> names(String line) {
        Matcher listed = LISTED.matcher(line);
        if (!listed.matches()) {
            return Stream.empty();
        }
        Set<String> names = new HashSet<>();
        String text = listed.group(2);
        names.add(raw(text));
        if (listed.group(1).equals("l")) {
            for (int i = text.indexOf(LINK); i >= 0; i = text.indexOf(LINK, i + 1)) {
                names.add(raw(text.substring(0, i)));
            }
        }
        return names.stream();
    }

    // rsync writes unprintable bytes as \#ooo, and leaves any other backslash unchanged
    private static String raw(String text) {
        String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return ESCAPED.matcher(bytes).replaceAll(escape -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 8))));
    }

    /** Ends the run here because the source is unreachable, or another one. */
    public void isAway(Exchange exchange) {
        boolean same;
        synchronized (this) {
            same = isSameFileSystem();
        }
        String disk = submounts.unmounted();
        if (disk != null) {
            end(exchange, url + ": " + RawPath.shown(disk) + " has none of the names that it had; is its file system mounted at the source?"
                    + " Nothing is deleted in " + folder + " because of that. It continues automatically when its owner publishes that it is"
                    + " missing, or what it has now; if nothing of it is to be there any more: dromedary resume --new-source "
                    + exchange.getProperty(BacklogEndpoint.TARGET, String.class));
            return;
        }
        end(exchange, url + " has few of the names that it had, or none" + (same ? "; is its disk mounted?"
                : ", and lies on another file system; is the right disk mounted?") + " Nothing is deleted in " + folder
                + " because of that. It continues automatically when they are back, or when its owner publishes the new ones"
                + (same ? "" : " of the file system that it was on") + "; if what"
                + " is there now is the right source: dromedary resume --new-source " + exchange.getProperty(BacklogEndpoint.TARGET, String.class));
    }

    private static void end(Exchange exchange, String reason) {
        exchange.setProperty(BacklogEndpoint.OUTCOME, RunOutcome.AWAY.name().toLowerCase(Locale.ROOT));
        exchange.setProperty(BacklogEndpoint.REASON, reason);
    }
}
