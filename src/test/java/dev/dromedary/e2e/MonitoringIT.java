package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** The alerts and the dashboard in docs. */
class MonitoringIT {

    private static final Path RULES = Path.of("docs/prometheus-rules.yaml").toAbsolutePath();
    private static final Path DASHBOARD = Path.of("docs/grafana-dashboard.json").toAbsolutePath();
    private static final Pattern NAME = Pattern.compile("\\bdromedary_[a-z_]+\\b");

    @AutoClose
    private final Stage stage = new Stage();

    // a leader is there only with a pair (PairIT), a release where some are made (ReleasesIT), a topic at an agent, agents where one is published (TopicIT), and hosts and
    // what was healed where that is set (TargetsFromIT, HealIT)
    private static List<String> hereToo(Collection<String> names) {
        return names.stream().filter(name -> !name.matches("dromedary_(leader|release|topic_.*|agent_.*|hosts.*|healed_total)")).toList();
    }

    @Test
    void they_ask_only_for_metrics_that_exist() throws IOException {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.daemon.stop();
        stage.inSource("echo 3 >file");
        eventuallyState("away", dromedary);

        Set<String> told = dromedary.get("/observe/metrics").body().lines().filter(line -> line.startsWith("dromedary_"))
                .map(line -> line.replaceFirst("[{ ].*", "")).collect(Collectors.toSet());
        assertThat(told).containsAll(hereToo(names(RULES))).containsAll(hereToo(names(DASHBOARD)));
        assertThat(told).containsAll(hereToo(names(Path.of("docs/http.md"))).stream()
                .map(name -> name.equals("dromedary_arrival_seconds") || name.equals("dromedary_run_seconds") ? name + "_bucket" : name)
                .toList());
    }

    private static Set<String> names(Path file) throws IOException {
        return NAME.matcher(Files.readString(file)).results().map(found -> found.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void the_dashboard_is_json() throws IOException, DeserializationException {
        assertThat(Jsoner.deserialize(Files.readString(DASHBOARD))).isNotNull();
    }

    @Test
    void prometheus_takes_the_rules() {
        Assumptions.assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder,
                "promtool"))), "no promtool here, so the rules are not checked by it");

        assertThat(Sh.run(stage.home, "promtool check rules " + RULES)).contains("14 rules found");
    }
}
