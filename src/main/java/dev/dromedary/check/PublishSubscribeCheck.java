package dev.dromedary.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.config.Mirror;
import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import dev.dromedary.config.TargetUrl.Kind;

/** Checks what publishing and pulling need: a broker that listens, and a writable folder. */
final class PublishSubscribeCheck {

    private static final Pattern BROKERS = Pattern.compile("[?&]brokers=([^&]+)");
    private static final Pattern BROKER = Pattern.compile("(?:.*://)?(.+):(\\d{1,5})");
    private static final int ANSWERS_WITHIN_MILLIS = 3000;

    private PublishSubscribeCheck() {
    }

    /** @param kafka the options of Camel's component for all topics */
    static List<CheckFinding> look(Settings settings, Map<String, String> kafka) throws IOException, InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        for (Mirror mirror : settings.mirrors()) {
            for (String endpoint : endpoints(mirror)) {
                CheckFinding broker = broker(mirror, endpoint);
                findings.add(broker);
                if (broker.level() != CheckFinding.Level.WRONG) {
                    findings.addAll(topic(mirror, endpoint, kafka));
                }
            }
            if (mirror.isPulled()) {
                findings.add(folder(mirror));
            }
        }
        return findings;
    }

    private static List<String> endpoints(Mirror mirror) {
        Stream<String> published = mirror.targets().stream().map(Target::url).filter(url -> url.kind() == Kind.TOPIC).map(url -> url.path());
        return Stream.concat(published, Stream.ofNullable(mirror.subscribe())).toList();
    }

    /** Creates the topics that mirrors publish to and subscribe to, if they are missing. */
    static List<CheckFinding> createTopics(Settings settings, Map<String, String> kafka) throws IOException, InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        for (Mirror mirror : settings.mirrors()) {
            for (String endpoint : endpoints(mirror)) {
                try {
                    findings.add(new TopicCheck(kafka).create(mirror, endpoint));
                } catch (LinkageError e) {
                    findings.add(noClasses(mirror));
                }
            }
        }
        return findings;
    }

    private static CheckFinding broker(Mirror mirror, String endpoint) {
        String what = "topic of " + mirror.name();
        Matcher brokers = BROKERS.matcher(endpoint);
        if (!brokers.find()) {
            return CheckFinding.advice(what, "its brokers are named elsewhere, so their ports are not checked", null);
        }
        List<String> faults = new ArrayList<>();
        for (String broker : brokers.group(1).split(",")) {
            String fault = fault(broker.strip());
            if (fault == null) {
                return CheckFinding.ok(what, "a broker listens at " + broker.strip());
            }
            faults.add(fault);
        }
        return CheckFinding.wrong(what, String.join("; ", faults), "start one, or look at brokers= and at firewalls");
    }

    private static List<CheckFinding> topic(Mirror mirror, String endpoint, Map<String, String> kafka) throws IOException,
            InterruptedException {
        try {
            return new TopicCheck(kafka).look(mirror, endpoint);
        } catch (LinkageError e) {
            return List.of(noClasses(mirror));
        }
    }

    private static CheckFinding noClasses(Mirror mirror) {
        return CheckFinding.wrong("topic of " + mirror.name(), "the classes for Kafka are missing", "put dromedary-kafka.jar beside dromedary.jar");
    }

    private static String fault(String broker) {
        Matcher address = BROKER.matcher(broker);
        if (!address.matches()) {
            return broker + " is no HOST:PORT";
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2))), ANSWERS_WITHIN_MILLIS);
            return null;
        } catch (IOException | IllegalArgumentException e) {
            return "no broker listens at " + broker + " (" + e.getMessage() + ")";
        }
    }

    private static CheckFinding folder(Mirror mirror) {
        String what = "folder of " + mirror.name();
        Path there = Files.exists(mirror.source()) ? mirror.source() : mirror.source().getParent();
        return there != null && Files.isDirectory(there) && Files.isWritable(there) ? CheckFinding.ok(what, there + " can be written to")
                : CheckFinding.wrong(what, mirror.source() + " can't be made or written to by " + System.getProperty("user.name"),
                        "make it, and give that user the right to");
    }
}
