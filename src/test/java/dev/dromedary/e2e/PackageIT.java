package dev.dromedary.e2e;

import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.FreePort;
import dev.dromedary.testing.NotifySocket;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The package for Debian, from its installation, which takes a while, to its end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PackageIT {

    // of 10; docs/service.md has the figure
    private static final int MOST_EXPOSED = 20;
    private static final String CONFIG = "/etc/dromedary/config/application.properties";

    private final int port = FreePort.next();
    private Stage stage;
    private InstalledPackage machine;
    private String told;
    private Path source;

    @BeforeAll
    void install() {
        stage = new Stage();
        machine = new InstalledPackage(stage.scratch);
        told = machine.run("dpkg --status dromedary");
        source = machine.root.resolve("srv/source");
    }

    @AfterAll
    void remove() {
        stage.close();
    }

    @Test
    void all_is_where_it_is_looked_for() {
        assertThat(told).contains("Status: install ok installed");
        assertThat(machine.run("dpkg --verify dromedary; ls -l /usr/bin/dromedary; ls -ld /var/lib/dromedary"))
                .contains("-rwxr-xr-x 1 root root").contains("drwx------ 2 dromedary dromedary");
        assertThat(machine.run("ls /usr/share/dromedary")).contains("dromedary.jar", "dromedary-kafka.jar");
        assertThat(machine.run("zcat /usr/share/man/man1/dromedary.1.gz")).startsWith(".TH DROMEDARY 1");
        assertThat(machine.run("cat /usr/share/bash-completion/completions/dromedary")).contains("dead-letters", "_dromedary_targets").doesNotContain("demo");
        assertThat(machine.run("cat /usr/lib/sysctl.d/60-dromedary.conf")).contains("fs.inotify.max_user_watches");
        assertThat(machine.run("cat /usr/share/dromedary/fanotify.conf")).contains("AmbientCapabilities=CAP_SYS_ADMIN CAP_DAC_READ_SEARCH");
        assertThat(machine.run("cat /usr/share/doc/dromedary/copyright")).contains("Apache-2.0");
        assertThat(machine.run("dpkg-query --showformat '${Conffiles}' --show dromedary")).contains(CONFIG);
    }

    @Test
    void it_brings_the_documents_and_their_links_lead_to_each_other() {
        assertThat(machine.run("cat /usr/share/doc/dromedary/configuration.md")).contains("`dromedary.state-dir`");
        assertThat(machine.run("cd /usr/share/doc/dromedary; for page in README.md CHANGELOG.md [a-z]*.md zh/*.md; do"
                + " grep -o '](\\([a-z./-]*/\\)\\?[A-Za-z-]*\\.\\(md\\|svg\\)' $page | cut -c3- | sort -u | while read -r link; do"
                + " [ -e \"$(dirname $page)/$link\" ] || echo $page: $link; done; done")).isEmpty();
    }

    @Test
    @Order(1)
    void without_a_mirror_it_says_what_to_do() {
        assertThatThrownBy(() -> machine.run("cd /; dromedary check")).hasMessageStartingWith("exit 2 ")
                .hasMessageContaining("there is no mirror; name a folder by mirror.<mirror>.source");
    }

    @Test
    void a_folder_with_a_configuration_of_its_own_is_not_taken_for_the_service() {
        machine.run("mkdir -p /root/own/config; echo mirror.own.source = /nowhere >/root/own/config/application.properties");

        assertThatThrownBy(() -> machine.run("cd /root/own; dromedary check")).hasMessageContaining("mirror.own.source = /nowhere");
        assertThatThrownBy(() -> machine.run("cd /root; dromedary check --config own/config/application.properties"))
                .hasMessageContaining("mirror.own.source = /nowhere");
        assertThatThrownBy(() -> machine.run("cd /; dromedary")).hasMessageContaining("There is no config/application.properties here");
    }

    @Test
    void systemd_has_nothing_to_say_against_its_unit_and_finds_it_walled_in() {
        assumeTrue(stage.works("command -v systemd-analyze"), "no systemd-analyze");
        // the manual can't be asked for where the machine has none
        String man = stage.works("command -v man") ? "" : "--man=no ";

        assertThat(machine.run("systemd-analyze verify " + man + "dromedary.service")).isEmpty();
        machine.run("systemd-analyze security --offline=true --threshold=" + MOST_EXPOSED + " dromedary.service");
        assertThat(machine.run("d=/etc/systemd/system/dromedary.service.d; install -D -m 0644 /usr/share/dromedary/fanotify.conf $d/fanotify.conf;"
                + " systemd-analyze verify " + man + "dromedary.service; rm -r $d")).isEmpty();
    }

    @Test
    void the_service_mirrors_what_only_it_may_read_and_tells_systemd_how_it_stands() {
        Sh.run(machine.root, "mkdir -p srv/source/folder; echo 1 >srv/source/folder/file; chmod 600 srv/source/folder/file;"
                + " chown -R www-data srv/source; chmod -R go= srv/source");
        machine.run("cat >>" + CONFIG + " <<END\ncamel.server.port = " + port + "\nmirror.t.source = /srv/source\n"
                + "mirror.t.target.a.url = " + stage.daemon.url("m") + "\nEND");
        NotifySocket systemd = stage.scratch.own(NotifySocket.somewhere());

        Dromedary service = Dromedary.in(stage.scratch, Path.of("/")).port(port).environment("NOTIFY_SOCKET", systemd.address())
                .environment("WATCHDOG_USEC", "2000000").startBy(machine.service());
        eventually("it has started", service,
                () -> systemd.messages().stream().anyMatch(message -> message.startsWith("READY=1")));
        assertThat(service.get("/observe/health/live").statusCode()).as(service.output()).isEqualTo(200);
        service.awaitReady();
        eventuallySame(source, stage.target, service);
        assertThat(machine.run("cd /; runuser -u nobody dromedary status")).contains("t/a").contains("live");
        assertThat(machine.run("cd /; dromedary check")).contains("all in it can be read");
        assertThat(machine.run("cd /srv/source; dromedary explain folder/file")).contains("t/a").contains("in line");
        eventually("it is alive", service, () -> systemd.messages().stream().filter("WATCHDOG=1"::equals).count() >= 2);

        assertThat(service.terminate()).isEqualTo(Integer.parseInt(machine.unit("SuccessExitStatus")));
        assertThat(systemd.messages()).last().isEqualTo("STOPPING=1");
        assertThat(machine.run("ls -l /var/lib/dromedary/source")).contains("dromedary dromedary").contains("t.json");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void an_upgrade_keeps_what_was_set_and_known_as_a_removal_does_and_a_purge_leaves_nothing() {
        String kept = CONFIG + " /var/lib/dromedary/dead-letter/t/a/1.jsonl";
        machine.run("echo mirror.kept.source = /srv >>" + CONFIG
                + "; cd /var/lib/dromedary; mkdir -p dead-letter/t/a; echo kept >dead-letter/t/a/1.jsonl; chown -R dromedary: .");
        String before = machine.run("cat " + kept);

        assertThat(machine.upgrade()).contains("over (");
        assertThat(machine.run("dpkg --status dromedary")).contains("+1").contains("install ok installed");
        assertThat(machine.run("cat " + kept)).isEqualTo(before);

        machine.run("dpkg --remove dromedary");
        assertThat(machine.run("cat " + kept)).isEqualTo(before);
        assertThat(machine.run("ls -d /usr/bin/dromedary /var/cache/dromedary /usr/share/dromedary 2>&1 || :"))
                .doesNotContainPattern("(?m)^/");

        machine.run("dpkg --purge dromedary");
        assertThat(machine.left("dromedary")).isEmpty();
    }
}
