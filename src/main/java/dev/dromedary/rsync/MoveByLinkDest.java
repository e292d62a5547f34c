package dev.dromedary.rsync;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Move;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.Target;
import dev.dromedary.source.SourceGuard;
import dev.dromedary.source.SourceTreeWalk;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.component.exec.ExecBinding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells rsync where a target has what was moved. Moved files are then linked at the target to their old name (rsync(1), --link-dest). A
 * file that has another name now is built from the old one (--fuzzy), so that next to nothing is sent. Unless nothing else can be under the
 * new name, files are compared by content.
 *
 * <p>rsync follows links in these paths. If a link at the target replaced a folder, files from elsewhere would be linked, and would then
 * share their permissions and times. So the target is probed before and after ({@link FolderTypeProbe}) whether these folders are folders
 * there. If not, the ordinary run sends everything again.
 *
 * <p>The paths have to be arguments here, so a path that may have a meaning to a daemon, to rsync or to a shell is not moved.
 */
public final class MoveByLinkDest {

    // no wildcard, quote, backslash or control character
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N} ._+@=,:%/-]*");
    private static final Charset ARGUMENTS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /**
     * One call of rsync.
     *
     * @param folder    the working directory
     * @param arguments all arguments
     * @param list      its --files-from, each entry ended by a NUL
     * @param fine      the exit codes that mean complete success
     * @param asks      whether it probes if the folders are folders at the target, too
     */
    public record Step(Path folder, List<String> arguments, byte[] list, Set<Integer> fine, boolean asks) {

        static final Set<Integer> WELL = Set.of(0);
    }

    /** Property of a message: the step that {@link RsyncBinding} makes the next command of, and then removes. */
    static final String STEP = "DromedaryMoveStep";

    private static final String BEGUN = "DromedaryMoveBegun";
    private static final String ALL = "DromedaryMoves";
    private static final Logger LOG = LoggerFactory.getLogger(MoveByLinkDest.class);
    private static final String SKELETON = "DromedaryMoveSkeleton";

    private final SourceGuard source;
    private final SourceTreeWalk walk;
    private final Target target;
    private final List<String> options;
    private final Path nowhere;
    private final Path skeletons;
    private final ReceiverState receiver;
    private final List<String> deletion;

    /**
     * @param options   how to reach the target, and the user's own options; without filter rules, as these are relative to the source
     * @param nowhere   a folder without any file of a source, so that all listed paths are missing
     * @param skeletons a folder of this target for its probes
     * @param receiver  whether it deletes listed paths that are gone
     * @param deletion  the arguments that delete such a list at the target; empty if that is impossible by a list, or only without limit
     */
    public MoveByLinkDest(SourceGuard source, SourceTreeWalk walk, Target target, List<String> options, Path nowhere,
            Path skeletons, ReceiverState receiver, List<String> deletion) {
        this.source = source;
        this.walk = walk;
        this.target = target;
        this.options = List.copyOf(options);
        this.nowhere = nowhere;
        this.skeletons = skeletons;
        this.receiver = receiver;
        this.deletion = List.copyOf(deletion);
    }

    /**
     * Returns the steps to run, in this order: first the folders that something was moved into; then each move, with a probe of the target
     * before and after; finally the deletion of the old names that have been linked, before anything else can take their place and change
     * what they share.
     *
     * @throws UnsupportedOperationException if a path can't be an argument
     */
    public List<Step> steps(@Body ChangeSet changes, @ExchangeProperty(BacklogEndpoint.LANE) String way, Exchange exchange) {
        Path top = skeletons.resolve(way);
        exchange.setProperty(SKELETON, top);
        exchange.setProperty(ALL, changes.moves());
        FolderTypeProbe skeleton = new FolderTypeProbe(top);
        List<Step> steps = new ArrayList<>();
        Set<String> folders = new LinkedHashSet<>();
        ByteArrayOutputStream gone = new ByteArrayOutputStream();
        boolean deletes = !deletion.isEmpty() && receiver.abilities().deletesMissing();
        for (Move move : changes.moves()) {
            folders.add(move.folder() ? move.to() : RawPath.parent(move.to()));
            boolean linked = deletes && Files.notExists(RawPath.toPath(source.path(), move.from()), LinkOption.NOFOLLOW_LINKS);
            String basis = linked ? "--link-dest=" : "--copy-dest=";
            steps.add(move.folder() ? folder(move, basis, skeleton) : file(move, basis, way, skeleton));
            if (linked) {
                line(gone, move.from());
            }
        }
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        // the top folder exists, and would be listed with all its content
        folders.remove("");
        folders.forEach(folder -> line(list, folder));
        List<String> there = new ArrayList<>(options);
        there.addAll(List.of("./", target.url().destination()));
        List<Step> looks = skeleton.make(there);
        steps.addAll(0, looks);
        steps.addAll(looks);
        if (!folders.isEmpty()) {
            steps.add(0, step("", list, List.of()));
        }
        if (gone.size() > 0) {
            // the folders above are missing there, too, which rsync reports as vanished
            steps.add(new Step(nowhere, deletion, gone.toByteArray(), Set.of(0, ExitCodeTable.VANISHED), false));
        }
        return steps;
    }

    private Step folder(Move move, String basis, FolderTypeProbe skeleton) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        skeleton.add(move.from());
        skeleton.add(move.to());
        walk.from(move.to(), Integer.MAX_VALUE, (path, attributes) -> {
            // the folder itself exists by now, and would be listed with all its content
            if (!path.equals(move.to())) {
                line(list, path.substring(move.to().length() + 1));
                if (attributes.isDirectory()) {
                    skeleton.add(move.from() + path.substring(move.to().length()));
                }
            }
        }, path -> LOG.debug("{} can't be looked at, and is sent", path));
        List<String> how = new ArrayList<>(List.of(basis + RsyncArguments.there(target, argument(move.from()))));
        if (!move.certain()) {
            how.add("--checksum");
        }
        return step(move.to(), list, how);
    }

    private Step file(Move move, String basis, String way, FolderTypeProbe skeleton) {
        skeleton.add(RawPath.parent(move.from()));
        skeleton.add(RawPath.parent(move.to()));
        String name = move.to().substring(move.to().lastIndexOf('/') + 1);
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        line(list, name);
        List<String> how = new ArrayList<>(List.of("--fuzzy", "--fuzzy",
                basis + RsyncArguments.there(target, argument(RawPath.parent(move.from()))),
                // a file that has kept its name can be linked
                RawPath.child(RawPath.parent(move.from()), name).equals(move.from()) ? "--checksum" : "--ignore-times"));
        if (way.startsWith("large")) {
            how.addAll(RsyncArguments.holding(target));
        }
        return step(RawPath.parent(move.to()), list, how);
    }

    private Step step(String folder, ByteArrayOutputStream list, List<String> how) {
        List<String> arguments = new ArrayList<>(List.of("--archive", "--no-recursive", "--dirs", "--from0",
                "--files-from=-", "--modify-window=-1"));
        arguments.addAll(how);
        arguments.addAll(options);
        arguments.add("./");
        arguments.add(target.url().destination() + (folder.isEmpty() ? "" : argument(folder) + '/'));
        return new Step(folder.isEmpty() ? source.path() : RawPath.toPath(source.path(), folder), arguments,
                list.toByteArray(), Step.WELL, false);
    }

    private static void line(ByteArrayOutputStream list, String path) {
        list.writeBytes(RawPath.bytes("./" + path + '\0'));
    }

    private static String argument(String raw) {
        byte[] bytes = RawPath.bytes(raw);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!PLAIN.matcher(text).matches() || !Arrays.equals(text.getBytes(ARGUMENTS), bytes)) {
            throw new UnsupportedOperationException(RawPath.shown(raw) + " can't be an argument");
        }
        return text;
    }

    /**
     * Makes a step the next command of camel-exec.
     *
     * @throws IOException if the source is missing or another one
     */
    public void begin(@Body Step step, Exchange exchange) throws IOException {
        source.check();
        exchange.setProperty(STEP, step);
        exchange.setProperty(BEGUN, step);
        exchange.getIn().setBody(step.list());
    }

    /** @throws IllegalStateException if the command did not complete, or a folder is not a folder at the target */
    public void end(Exchange exchange) {
        Step step = exchange.getProperty(BEGUN, Step.class);
        int exit = exchange.getIn().getHeader(ExecBinding.EXEC_EXIT_VALUE, Integer.class);
        if (!step.fine().contains(exit)) {
            throw new IllegalStateException("rsync ended with " + exit);
        }
        if (step.asks() && !FolderTypeProbe.isOfFolders(exchange.getIn().getBody(String.class))) {
            throw new IllegalStateException("a folder of the source is none at the target, and a link there may lead elsewhere");
        }
    }

    /** Removes the files that were made for {@link #steps}. */
    public void forget(@ExchangeProperty(SKELETON) Path skeleton) {
        try {
            FolderTypeProbe.remove(skeleton);
        } catch (IOException e) {
            LOG.debug("{} is left until the next move: {}", skeleton, e.toString());
        }
    }

    /** Moves the run to the lane that compares only size and time, as the content is there now, and reports what was moved. */
    public void linked(Exchange exchange) {
        RunOutputParser figures = exchange.getProperty(RunOutputParser.PROPERTY, RunOutputParser.class);
        List<?> moves = exchange.getProperty(ALL, List.class);
        if (figures != null && moves != null) {
            for (Object each : moves) {
                Move move = (Move) each;
                figures.tell(new ItemizedChange(ItemizedChange.Action.MOVED, move.to(), move.from(), -1));
            }
        }
        boolean large = exchange.getProperty(BacklogEndpoint.LANE, String.class).startsWith("large");
        exchange.setProperty(BacklogEndpoint.LANE, large ? "large-attributes" : "attributes");
    }
}
