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

import dev.dromedary.change.BacklogEndpoint;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Move;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.Target;
import dev.dromedary.source.SourceRoot;
import dev.dromedary.source.SourceWalk;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.component.exec.ExecBinding;

/**
 * Tells rsync where a target has what was moved: files are then linked at the target to what they were (rsync(1),
 * --link-dest), and a file that has another name now is made of what it was (--fuzzy), so that next to nothing is sent.
 * Unless nothing else can be under the new name, files are compared by content.
 *
 * <p>Paths have to be arguments here, so what may mean something to a daemon, to rsync or to a shell is not moved.
 */
public final class Moves {

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
     */
    public record Step(Path folder, List<String> arguments, byte[] list, Set<Integer> fine) {
    }

    /** Property of a message: the step that {@link RsyncBinding} makes the next command of. */
    static final String STEP = "DromedaryMoveStep";

    private static final String FINE = "DromedaryMoveFine";

    private final SourceRoot source;
    private final SourceWalk walk;
    private final Target target;
    private final List<String> options;
    private final Path nowhere;
    private final List<String> deletion;

    /**
     * @param options  how the target is reached, and the user's own; without filter rules, as these begin at the source
     * @param nowhere  a folder in which there is nothing of a source, so that all that is listed is gone
     * @param deletion how such a list is deleted at the target; empty if that can't be done by a list, or not without limit
     */
    public Moves(SourceRoot source, SourceWalk walk, Target target, List<String> options, Path nowhere,
            List<String> deletion) {
        this.source = source;
        this.walk = walk;
        this.target = target;
        this.options = List.copyOf(options);
        this.nowhere = nowhere;
        this.deletion = List.copyOf(deletion);
    }

    /**
     * What has to be run, in this order: first the folders into which something was moved; then each move; at last what is
     * gone and has been linked goes, before anything else can take its place and change what it shares.
     *
     * @throws UnsupportedOperationException if a path can't be an argument
     */
    public List<Step> steps(@Body ChangeSet changes, @ExchangeProperty(BacklogEndpoint.LANE) String way) {
        List<Step> steps = new ArrayList<>();
        Set<String> folders = new LinkedHashSet<>();
        ByteArrayOutputStream gone = new ByteArrayOutputStream();
        for (Move move : changes.moves()) {
            folders.add(move.folder() ? move.to() : RawPath.parent(move.to()));
            boolean linked = !deletion.isEmpty()
                    && Files.notExists(RawPath.toPath(source.path(), move.from()), LinkOption.NOFOLLOW_LINKS);
            String basis = linked ? "--link-dest=" : "--copy-dest=";
            steps.add(move.folder() ? folder(move, basis) : file(move, basis, way));
            if (linked) {
                line(gone, move.from());
            }
        }
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        // the top folder is there, and would be listed with all that lies in it
        folders.remove("");
        folders.forEach(folder -> line(list, folder));
        if (!folders.isEmpty()) {
            steps.add(0, step("", list, List.of()));
        }
        if (gone.size() > 0) {
            // the folders above are missing there, too, which rsync calls vanished
            steps.add(new Step(nowhere, deletion, gone.toByteArray(), Set.of(0, ExitTable.VANISHED)));
        }
        return steps;
    }

    private Step folder(Move move, String basis) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        walk.from(move.to(), Integer.MAX_VALUE, (path, attributes) -> {
            // the folder itself is there by now, and would be listed with all that lies in it
            if (!path.equals(move.to())) {
                line(list, path.substring(move.to().length() + 1));
            }
        });
        List<String> how = new ArrayList<>(List.of(basis + RsyncArguments.there(target, argument(move.from()))));
        if (!move.certain()) {
            how.add("--checksum");
        }
        return step(move.to(), list, how);
    }

    private Step file(Move move, String basis, String way) {
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
                list.toByteArray(), Set.of(0));
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
        exchange.getIn().setBody(step.list());
        exchange.setProperty(FINE, step.fine());
    }

    /** @throws IllegalStateException if the command did not do all of it */
    public void end(Exchange exchange) {
        int exit = exchange.getIn().getHeader(ExecBinding.EXEC_EXIT_VALUE, Integer.class);
        if (!exchange.getProperty(FINE, Set.class).contains(exit)) {
            throw new IllegalStateException("rsync ended with " + exit);
        }
    }

    /** Has the run carried by the way that asks only for size and time, as the content is there. */
    public void linked(Exchange exchange) {
        boolean large = exchange.getProperty(BacklogEndpoint.LANE, String.class).startsWith("large");
        exchange.setProperty(BacklogEndpoint.LANE, large ? "large-attributes" : "attributes");
    }
}
