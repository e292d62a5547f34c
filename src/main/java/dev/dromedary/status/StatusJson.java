package dev.dromedary.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.dromedary.change.RawPath;
import dev.dromedary.clock.SteadyClock;
import dev.dromedary.release.ReleaseStatus;
import dev.dromedary.rsync.TransferProgress;
import dev.dromedary.topic.AgentReport;
import dev.dromedary.topic.Agents;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** Writes the snapshot as JSON; docs/http.md explains each key. */
final class StatusJson {

    /** Within a version, keys may be added, but none is removed or changes its meaning. */
    static final int VERSION = 1;

    private static final int SOME = 10;
    private static final double MILLIS = 1000.0;

    private StatusJson() {
    }

    static JsonObject of(StatusSnapshot snapshot) {
        JsonObject json = new JsonObject();
        json.put("version", VERSION);
        json.put("at", text(snapshot.at()));
        json.put("host", snapshot.program().host());
        json.put("programVersion", snapshot.program().version());
        json.put("startedAt", text(snapshot.program().startedAt()));
        json.put("configuration", snapshot.program().configuration());
        if (snapshot.role() != null) {
            json.put("role", snapshot.role().text());
            json.put("roleSince", text(snapshot.role().since()));
            json.put("leader", snapshot.role().leader());
            json.put("pairFault", snapshot.role().fault());
        }
        json.put("mirrors", array(snapshot.mirrors(), mirror -> mirror(mirror, snapshot.at())));
        return json;
    }

    private static JsonObject mirror(StatusSnapshot.OfMirror mirror, Instant at) {
        JsonObject json = new JsonObject();
        json.put("name", mirror.name());
        json.put("source", mirror.source());
        StatusSnapshot.Watch watch = mirror.watch();
        if (watch != null) {
            json.put("watchedBy", watch.by());
            json.put("whollyWatched", watch.whole());
            json.put("foldersWatched", watch.watched());
            json.put("foldersNotWatched", watch.unwatched());
            json.put("notWatched", new JsonArray(watch.notWatched().entrySet().stream().sorted(Map.Entry.comparingByKey()).limit(SOME).map(one -> {
                JsonObject folder = new JsonObject();
                folder.put("path", RawPath.escape(one.getKey()));
                folder.put("reason", one.getValue());
                return folder;
            }).toList()));
            json.put("events", watch.events());
            json.put("overflows", watch.overflows());
            json.put("lastCookie", text(watch.lastCookie()));
            json.put("fault", watch.fault());
        }
        if (mirror.topic() != null) {
            json.put("topic", mirror.topic().uri());
            json.put("topicFault", mirror.topic().fault());
            json.put("topicUp", mirror.topic().up());
            json.put("topicAssigned", mirror.topic().assigned());
            json.put("topicLastRecord", text(mirror.topic().lastRecord()));
            json.put("topicSilentSeconds", mirror.topic().lastRecord() == null ? null : seconds(mirror.topic().silence(at)));
        }
        if (mirror.agents() != null) {
            json.put("agents", array(mirror.agents().all(), StatusJson::agent));
            json.put("agentsFault", mirror.agents().fault());
        }
        if (mirror.hosts() != null) {
            json.put("targetsFrom", mirror.hosts().source());
            json.put("targetsFromFault", mirror.hosts().fault());
            json.put("targetsFromAnswered", text(mirror.hosts().answered()));
            json.put("hostsNamed", mirror.hosts().named());
        }
        json.put("targets", array(mirror.targets(), target -> target(target, at)));
        return json;
    }

    private static JsonObject agent(Agents.Agent agent) {
        AgentReport report = agent.report();
        JsonObject json = new JsonObject();
        json.put("group", agent.group());
        json.put("host", report == null ? null : report.host());
        json.put("state", agent.state());
        json.put("reason", report == null ? null : report.reason());
        json.put("lagSeconds", agent.lagSeconds());
        json.put("pending", report == null ? null : report.pending());
        json.put("recordsBehind", agent.behind());
        json.put("lastSeen", text(SteadyClock.shown(agent.lastSeen())));
        return json;
    }

    /** Returns one target, as in {@code /api/status}. */
    static JsonObject target(StatusSnapshot.OfTarget target, Instant at) {
        JsonObject json = new JsonObject();
        json.put("name", target.name());
        json.put("url", target.url());
        json.put("state", target.state().text());
        json.put("reason", target.reason());
        json.put("stateSince", text(target.stateSince()));
        json.put("ends", target.ends());
        json.put("attempts", target.attempts());
        json.put("nextAttempt", text(target.nextAttempt()));
        json.put("pending", target.pending());
        json.put("failed", failed(target.failed()));
        json.put("pendingSince", text(target.pendingSince()));
        // the names of these two before the first release
        json.put("owed", target.pending());
        json.put("owedSince", text(target.pendingSince()));
        json.put("lagSeconds", seconds(target.lag(at)));
        json.put("lastArrival", text(target.past().lastArrival()));
        json.put("lastReconcile", reconcile(target.past().lastReconcile()));
        json.put("deadLetters", target.deadLetters());
        json.put("deadLetterReason", target.deadLetterReason());
        json.put("totals", totals(target.past().totals()));
        json.put("runs", array(target.past().present(), StatusJson::run));
        json.put("verification", verification(target.verification()));
        if (target.healed() != null) {
            json.put("healed", target.healed().paths());
            json.put("lastHealed", text(target.healed().last()));
            json.put("healedSome", new JsonArray(target.healed().some()));
        }
        ReleaseStatus releases = target.releases();
        if (releases != null) {
            json.put("release", releases.current());
            json.put("releaseSince", text(releases.since()));
            json.put("releases", new JsonArray(releases.kept()));
            json.put("releaseUnderWay", releases.underWay());
        }
        return json;
    }

    private static JsonObject failed(StatusSnapshot.Failed failed) {
        if (failed == null) {
            return null;
        }
        JsonObject json = new JsonObject();
        json.put("paths", failed.paths());
        json.put("since", text(failed.since()));
        json.put("some", new JsonArray(failed.some()));
        json.put("reason", failed.reason());
        json.put("nextAttempt", text(failed.next()));
        return json;
    }

    static JsonObject run(StatusSnapshot.Present run) {
        TransferProgress advance = run.advance();
        JsonObject json = new JsonObject();
        json.put("way", run.way());
        json.put("wholeTrees", run.trees());
        json.put("paths", run.paths());
        json.put("path", run.path());
        json.put("started", text(run.started()));
        json.put("files", advance.files());
        json.put("bytes", advance.bytes());
        json.put("percent", advance.percent());
        json.put("bytesPerSecond", advance.bytesPerSecond());
        json.put("secondsLeft", advance.secondsLeft() < 0 ? null : advance.secondsLeft());
        json.put("bytesLeft", advance.bytesLeft() < 0 ? null : advance.bytesLeft());
        json.put("checked", advance.checked());
        json.put("known", advance.total());
        return json;
    }

    private static JsonObject reconcile(StatusSnapshot.Reconcile last) {
        if (last == null) {
            return null;
        }
        JsonObject json = new JsonObject();
        json.put("ended", text(last.ended()));
        json.put("seconds", seconds(last.took()));
        json.put("byContent", last.byContent());
        json.put("outcome", last.outcome());
        json.put("reason", last.reason());
        json.put("files", last.figures().files());
        json.put("bytes", last.figures().bytes());
        json.put("deletes", last.figures().deleted());
        return json;
    }

    private static JsonObject totals(StatusSnapshot.Totals totals) {
        JsonObject json = new JsonObject();
        json.put("runs", totals.runs());
        json.put("files", totals.files());
        json.put("bytes", totals.bytes());
        json.put("bytesSent", totals.sent());
        json.put("bytesReceived", totals.received());
        json.put("deletes", totals.deletes());
        json.put("failures", new JsonObject(totals.failures()));
        return json;
    }

    private static JsonObject verification(ChecksumVerification.Result result) {
        if (result == null) {
            return null;
        }
        JsonObject json = new JsonObject();
        json.put("begun", text(result.begun()));
        json.put("ended", text(result.ended()));
        json.put("differing", result.differing());
        json.put("onlyAtTarget", result.deleted());
        json.put("differences", new JsonArray(result.differences()));
        json.put("failure", result.failure());
        return json;
    }

    static <T> JsonArray array(List<T> things, Function<T, Object> each) {
        JsonArray array = new JsonArray();
        things.forEach(thing -> array.add(each.apply(thing)));
        return array;
    }

    static String text(Instant moment) {
        return moment == null ? null : moment.toString();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS;
    }
}
