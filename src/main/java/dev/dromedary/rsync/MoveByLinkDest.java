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
 * Tells rsync where a target has what was moved: files are then linked at the target to what they were (rsync(1),
 * --link-dest), and a file that has another name now is made of what it was (--fuzzy), so that next to nothing is sent.
 * Unless nothing else can be under the new name, files are compared by content.
 *
 * <p>rsync follows links in the paths that it is told of like this, so a link at the target in place of a folder would have
 * files from elsewhere linked, which share their rights and times from then on. So the target is asked, before and after
 * ({@link FolderTypeProbe}), whether these folders are folders there; if not, the ordinary run brings all of it anew.
 *
 * <p>Paths have to be arguments here, so what may mean something to a daemon, to rsync or to a shell is not moved.
 */
public final class MoveByLinkDest {

    // no wildcard, quote, backslash or control character
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N} ._+@=,:%/-]*");
    private static final Charset ARGUMENTS = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /**
     * One rsync.
     *
     * @param folder    in which it runs
     * @param arguments all of them
     * @param list      its --files-from, ended by NULs
     * @param fine      the exit codes with which it has done all of it
     * @param asks      whether it asks if folders are folders at the target, too
     */
    public record Step(Path folder, List<String> arguments, byte[] list, Set<Integer> fine, boolean asks) {

        static final Set<Integer> WELL = Set.of(0);
    }

    /** Property of a message: the step that {@link RsyncBinding} makes the next command of, and takes away. */
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
     * @param options  how the target is reached, and the user's own; without filter rules, as these begin at the source
     * @param nowhere  a folder in which there is nothing of a source, so that all that is listed is gone
     * @param skeletons a folder of this target's own, for what it is asked
     * @param receiver whether it deletes what is listed and gone
     * @param deletion how such a list is deleted at the target; empty if that can't be done by a list, or not without limit
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
     * What has to be run, in this order: first the folders into which something was moved; then each move, with a look at the
     * target before and after; at last what is gone and has been linked goes, before anything else can take its place and
     * change what it shares.
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
        // the top folder is there, and would be listed with all that lies in it
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
            // the folders above are missing there, too, which rsync calls vanished
            steps.add(new Step(nowhere, deletion, gone.toByteArray(), Set.of(0, ExitCodeTable.VANISHED), false));
        }
        return steps;
    }

    private Step folder(Move move, String basis, FolderTypeProbe skeleton) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        skeleton.add(move.from());
        skeleton.add(move.to());
        walk.from(move.to(), Integer.MAX_VALUE, (path, attributes) -> {
            // the folder itself is there by now, and would be listed with all that lies in it
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
                // one that has kept its name can be linked
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
     * @throws IOException if the source is not what it was
     */
    public void begin(@Body Step step, Exchange exchange) throws IOException {
        source.check();
        exchange.setProperty(STEP, step);
        exchange.setProperty(BEGUN, step);
        exchange.getIn().setBody(step.list());
    }

    /** @throws IllegalStateException if the command did not do all of it, or a folder is none at the target */
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

    /** Removes what was made for {@link #steps}. */
    public void forget(@ExchangeProperty(SKELETON) Path skeleton) {
        try {
            FolderTypeProbe.remove(skeleton);
        } catch (IOException e) {
            LOG.debug("{} is left until the next move: {}", skeleton, e.toString());
        }
    }

    /** Has the run carried by the way that asks only for size and time, as the content is there, and tells of what was moved. */
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
