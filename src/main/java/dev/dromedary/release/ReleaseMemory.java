package dev.dromedary.release;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.dromedary.rsync.ReleasePlaceholders;
import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * The persistent state of a target's releases. If it is lost, the numbers are taken from the target, and only the current release and those
 * before it count as complete.
 *
 * @param current the number of the release that is shown; 0 for none
 * @param since   since when it is shown; null for none
 * @param whole   the complete releases, each of which holds the whole source at some moment
 * @param begun   the releases that were begun and not completed
 * @param going   the releases that are being deleted
 * @param wanted  since when somebody has requested a release; null if nobody has
 */
record ReleaseMemory(int current, Instant since, SortedSet<Integer> whole, SortedSet<Integer> begun, SortedSet<Integer> going,
        Instant wanted) {

    private static final int VERSION = 1;

    /** rsync accepts at most twenty folders to link to (rsync(1), --link-dest). */
    private static final int MOST_BEGUN = 10;

    static final ReleaseMemory NOTHING = new ReleaseMemory(0, null, new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), null);

    ReleaseMemory {
        whole = Collections.unmodifiableSortedSet(new TreeSet<>(whole));
        begun = Collections.unmodifiableSortedSet(new TreeSet<>(begun));
        going = Collections.unmodifiableSortedSet(new TreeSet<>(going));
    }

    /** Returns this state corrected by what the target has. */
    ReleaseMemory seen(ReleaseInventory target, Instant now) {
        TreeSet<Integer> nowWhole = new TreeSet<>(whole);
        if (isEmpty()) {
            nowWhole.addAll(target.there().headSet(target.current()));
        }
        // a link is only ever set to a complete release, so the process ended right after that
        nowWhole.add(target.current());
        nowWhole.retainAll(target.there());
        nowWhole.removeAll(going);
        TreeSet<Integer> nowBegun = new TreeSet<>(begun);
        nowBegun.removeAll(nowWhole);
        nowBegun.retainAll(target.there());
        TreeSet<Integer> nowGoing = new TreeSet<>(going);
        nowGoing.retainAll(target.there());
        nowGoing.remove(target.current());
        return new ReleaseMemory(target.current(), target.current() == 0 ? null : target.current() == current ? since : now, nowWhole,
                nowBegun, nowGoing, wanted);
    }

    private boolean isEmpty() {
        return current == 0 && whole.isEmpty() && begun.isEmpty() && going.isEmpty();
    }

    /** The newest complete release; 0 for none. */
    int newest() {
        return whole.isEmpty() ? 0 : whole.last();
    }

    /**
     * Chooses the number for the next pass. A file that a pass has linked also belongs to another release, and a change of its permissions
     * changes it in both. So a further pass takes the next number and links what this pass has sent. It continues in the same folder only
     * if there is no other release yet, or if very many were begun.
     *
     * @param highest the highest number that was ever used, as far as is known
     */
    ReleasePlaceholders next(ReleaseInventory target, int highest) {
        List<Integer> bases = new ArrayList<>(begun);
        Collections.reverse(bases);
        SortedSet<Integer> others = new TreeSet<>(target.there());
        others.removeAll(begun);
        others.removeAll(going);
        int basis = newest() != 0 ? newest() : others.isEmpty() ? 0 : others.last();
        boolean goesOn = !begun.isEmpty() && basis == 0 && begun.size() == 1 || begun.size() >= MOST_BEGUN;
        int number = goesOn ? bases.remove(0) : Math.max(highest, target.there().isEmpty() ? 0 : target.there().last()) + 1;
        if (basis != 0) {
            bases.add(basis);
        }
        return new ReleasePlaceholders(number, bases);
    }

    /** The highest number that was complete. */
    int highest() {
        TreeSet<Integer> all = new TreeSet<>(whole);
        all.addAll(going);
        all.add(current);
        return all.last();
    }

    ReleaseMemory begin(int number) {
        return new ReleaseMemory(current, since, whole, with(begun, number), going, wanted);
    }

    /** Notes that the release is complete. It is current only after {@link #show}. */
    ReleaseMemory end(int number) {
        return new ReleaseMemory(current, since, with(whole, number), without(begun, List.of(number)), going, wanted);
    }

    ReleaseMemory show(int number, Instant now) {
        return new ReleaseMemory(number, number == current ? since : now, whole, begun, going, wanted);
    }

    ReleaseMemory want(Instant when) {
        return new ReleaseMemory(current, since, whole, begun, going, when);
    }

    /**
     * Returns the releases to delete: those that were begun and are of no more use, and all complete ones except the newest; never the
     * current one.
     *
     * @param keep how many are kept
     */
    SortedSet<Integer> doomed(ReleaseInventory target, int keep) {
        SortedSet<Integer> kept = new TreeSet<>(whole.stream().skip(Math.max(0, whole.size() - keep)).toList());
        TreeSet<Integer> doomed = new TreeSet<>(going);
        doomed.addAll(begun);
        if (!kept.isEmpty()) {
            // the content of other releases is not known
            doomed.addAll(target.there().headSet(kept.first()));
        }
        doomed.retainAll(target.there());
        doomed.remove(current);
        doomed.remove(target.current());
        return doomed;
    }

    ReleaseMemory go(Collection<Integer> numbers) {
        return new ReleaseMemory(current, since, without(whole, numbers), without(begun, numbers), new TreeSet<>(numbers), wanted);
    }

    ReleaseMemory gone() {
        return new ReleaseMemory(current, since, whole, begun, new TreeSet<>(), wanted);
    }

    private static SortedSet<Integer> with(SortedSet<Integer> set, int number) {
        TreeSet<Integer> more = new TreeSet<>(set);
        more.add(number);
        return more;
    }

    private static SortedSet<Integer> without(SortedSet<Integer> set, Collection<Integer> numbers) {
        TreeSet<Integer> less = new TreeSet<>(set);
        less.removeAll(numbers);
        return less;
    }

    /** {@return the file with the state of a target's releases} */
    static Path file(Path stateDir, String mirror, String target) {
        return stateDir.resolve("release").resolve(mirror + '-' + target + ".json");
    }

    void write(Path file) throws IOException {
        JsonObject json = new JsonObject();
        json.put("current", current);
        json.put("since", since == null ? null : since.toString());
        json.put("whole", new JsonArray(whole));
        json.put("begun", new JsonArray(begun));
        json.put("going", new JsonArray(going));
        json.put("wanted", wanted == null ? null : wanted.toString());
        new JsonFile(file, VERSION).write(json);
    }

    static Optional<ReleaseMemory> read(Path file) throws IOException {
        return new JsonFile(file, VERSION).read(json -> new ReleaseMemory(json.getInteger("current"), moment(json, "since"), numbers(json, "whole"),
                numbers(json, "begun"), numbers(json, "going"), moment(json, "wanted")));
    }

    private static Instant moment(JsonObject json, String key) {
        return json.getString(key) == null ? null : Instant.parse(json.getString(key));
    }

    private static SortedSet<Integer> numbers(JsonObject json, String key) {
        TreeSet<Integer> numbers = new TreeSet<>();
        Objects.<Collection<?>>requireNonNull(json.getCollection(key)).forEach(number -> numbers.add(((Number) number).intValue()));
        return numbers;
    }
}
