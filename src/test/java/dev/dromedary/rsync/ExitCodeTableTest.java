package dev.dromedary.rsync;

import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.dromedary.backlog.RunOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.backlog.RunOutcome.ARRIVED;
import static dev.dromedary.backlog.RunOutcome.AWAY;
import static dev.dromedary.backlog.RunOutcome.FULL;
import static dev.dromedary.backlog.RunOutcome.HALTED;
import static dev.dromedary.backlog.RunOutcome.PARTLY;
import static dev.dromedary.backlog.RunOutcome.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Every way of rsync(1), EXIT VALUES, and the words of rsync, its daemon, ssh and the shell as they were measured. */
class ExitCodeTableTest {

    @Test
    void of_many_that_pull_some_wait_for_their_turn() {
        String said = "@ERROR: max connections (20) reached -- try again later";
        assertThat(ExitCodeTable.ofPull(5, said).outcome()).isEqualTo(RunOutcome.BUSY);
        assertThat(ExitCodeTable.ofPull(5, "@ERROR: auth failed on module www").outcome()).isEqualTo(RunOutcome.REFUSED);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("codes")
    void a_code_by_itself_decides(int exit, RunOutcome outcome) {
        assertFits(exit, "", outcome);
        assertFits(exit, "rsync error: some words (code " + exit + ") at main.c(1394) [sender=3.5.0]\n", outcome);
    }

    static Stream<Arguments> codes() {
        return Stream.of(arguments(0, ARRIVED), arguments(1, REFUSED), arguments(2, REFUSED), arguments(3, HALTED),
                arguments(4, REFUSED), arguments(5, AWAY), arguments(6, AWAY), arguments(10, AWAY), arguments(11, FULL),
                arguments(12, AWAY), arguments(13, AWAY), arguments(14, AWAY), arguments(20, AWAY), arguments(21, AWAY),
                arguments(22, AWAY), arguments(23, PARTLY), arguments(24, ARRIVED), arguments(25, HALTED),
                arguments(30, AWAY), arguments(35, AWAY),
                // of a shell: may not be run, is not found, was killed (SIGKILL, SIGTERM); of ssh
                arguments(126, REFUSED), arguments(127, REFUSED), arguments(137, AWAY), arguments(143, AWAY),
                arguments(255, AWAY),
                // of nobody that is known
                arguments(99, AWAY), arguments(-1, AWAY));
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @MethodSource("words")
    void words_tell_apart_what_shares_a_code(int exit, String said, RunOutcome outcome, String cause) {
        ExitDiagnosis verdict = assertFits(exit, said + "\nrsync error: error (code " + exit + ") at main.c(1) [sender=3.5.0]\n",
                outcome);
        assertThat(verdict.cause()).contains(cause);
    }

    static Stream<Arguments> words() {
        return Stream.of(
                arguments(12, "/usr/bin/rrsync error: Another instance of rrsync is already accessing this directory.", AWAY,
                        "one run at a time"),

                arguments(23, "rsync: [generator] failed to set permissions on \"/t/.~dromedary~\" (in user): Operation not permitted (1)",
                        PARTLY, "belongs to somebody else"),
                arguments(23, "rsync: [generator] failed to set permissions on \"/data/www/.~dromedary~\": Operation not permitted (1)",
                        PARTLY, "belongs to somebody else"),
                arguments(23, "rsync: [generator] failed to set permissions on \"/t/x.~dromedary~\": Operation not permitted (1)",
                        PARTLY, "some paths could not be transferred"),
                arguments(23, "rsync: [sender] opendir \"/data/www/closed\" failed: Permission denied (13)", PARTLY, "as they may not be read"),
                arguments(23, "rsync: [generator] recv_generator: mkdir \"/srv/www/closed\" failed: Permission denied (13)", PARTLY,
                        "as they may not be written at the target"),
                arguments(1, "@ERROR: module is read only", REFUSED, "read-only"),
                arguments(1, "rsync: --no-such-option: unknown option", REFUSED, "options"),
                // of the other side, over ssh: a daemon ends with 4
                arguments(12, "rsync: on remote machine: --no-such-option: unknown option\n"
                        + "rsync error: syntax or usage error (code 1) at main.c(1749) [server=3.2.3]\n"
                        + "rsync: connection unexpectedly closed (0 bytes received so far) [sender]", REFUSED, "does not take an option"),
                arguments(12, "2026/11/28 17:47:06 --timeout=60: unknown option\n"
                        + "rsync: connection unexpectedly closed (0 bytes received so far) [sender]", REFUSED, "does not take an option"),
                arguments(12, "rsync: [sender] send_files failed to open \"/w/x: unknown option\": Permission denied (13)", AWAY, "cut off"),
                arguments(1, "ERROR: password file must not be other-accessible", REFUSED, "password file"),
                arguments(2, "protocol version mismatch -- is your shell clean?", REFUSED, "understand"),
                arguments(3, "ERROR: destination must be a directory when copying more than 1 file", REFUSED, "a file"),
                arguments(3, "rsync: [sender] change_dir \"/src\" failed: No such file or directory (2)", HALTED, "entered"),
                arguments(4, "rsync: The server is configured to refuse --delete", REFUSED, "refuses an option"),
                arguments(4, "no disk\npre-xfer exec returned failure (768)", AWAY, "before each transfer"),
                arguments(11, "rsync: [Receiver] mkdir \"dl\" (in lnk) failed: File exists (17)", REFUSED, "a link that leads nowhere"),
                arguments(23, "ERROR: daemon refused to receive file \"secret\"", PARTLY, "leaves out"),

                arguments(5, "@ERROR: auth failed on module m", REFUSED, "password"),
                arguments(5, "@ERROR: authentication failed on module m", REFUSED, "password"),
                arguments(5, "@ERROR: max connections (1) reached -- try again later", AWAY, "too many connections"),
                arguments(5, "@ERROR: Unknown module 'm'", REFUSED, "no such module"),
                arguments(5, "@ERROR: access denied to m from UNDETERMINED (127.0.0.1)", REFUSED, "let this machine in"),
                arguments(5, "@ERROR: chdir failed", REFUSED, "folder"),
                arguments(5, "@ERROR: chroot failed", REFUSED, "folder"),
                arguments(5, "rsync: could not open password file /p: No such file or directory (2)", REFUSED,
                        "password file"),

                arguments(10, "rsync: [sender] failed to connect to h (192.0.2.1): Connection refused (111)", AWAY,
                        "nobody listens"),
                arguments(10, "rsync: [sender] failed to connect to h (192.0.2.1): Connection timed out (110)", AWAY,
                        "does not answer"),
                arguments(10, "rsync: [sender] failed to connect to h (192.0.2.1): No route to host (113)", AWAY, "no way"),
                arguments(10, "rsync: getaddrinfo: h 873: Name or service not known", AWAY, "no address"),
                arguments(10, "rsync: getaddrinfo: h 873: Temporary failure in name resolution", AWAY, "no address"),

                arguments(11, "rsync: [receiver] write failed on \"huge\" (in small): No space left on device (28)", FULL,
                        "no room"),
                arguments(11, "rsync: [receiver] write failed on \"huge\" (in small): Disk quota exceeded (122)", FULL,
                        "no room"),
                arguments(11, "rsync: [Receiver] mkdir \"/backup/a/b\" failed: No such file or directory (2)", REFUSED,
                        "is missing"),
                arguments(11, "rsync: [Receiver] mkdir \"/backup\" failed: Read-only file system (30)", REFUSED, "read-only"),
                arguments(11, "rsync: [Receiver] mkdir \"/backup\" failed: Permission denied (13)", REFUSED, "written"),

                arguments(12, "rsync: connection unexpectedly closed (0 bytes received so far) [sender]", AWAY, "cut off"),
                arguments(12, "rsync: [receiver] write failed on \"huge\": No space left on device (28)", FULL, "no room"),

                arguments(23, "rsync: [receiver] mkstemp \".a1.Fm8wgZ\" (in small) failed: No space left on device (28)",
                        FULL, "no room"),
                arguments(23, "rsync: [receiver] mkstemp \".a1.Fm8wgZ\" (in small) failed: Read-only file system (30)",
                        REFUSED, "read-only"),
                arguments(23, "rsync: [sender] send_files failed to open \"/src/b\": Permission denied (13)", PARTLY,
                        "some paths"),
                // a daemon ends with 0 or 23 when it deletes no more
                arguments(0, "Deletions stopped due to --max-delete limit (2 skipped)", HALTED, "max-delete"),
                arguments(23, "Deletions stopped due to --max-delete limit (2 skipped)", HALTED, "max-delete"),
                arguments(25, "Deletions stopped due to --max-delete limit (2 skipped)", HALTED, "max-delete"),

                arguments(127, "bash: line 1: rsync: command not found", REFUSED, "not found"),
                arguments(255, "Host key verification failed.", REFUSED, "host key"),
                arguments(255, "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", REFUSED, "host key"),
                arguments(255, "me@h: Permission denied (publickey,password).", REFUSED, "not let in"),
                arguments(255, "Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures", REFUSED,
                        "not let in"),
                arguments(255, "ssh: Could not resolve hostname h: Name or service not known", AWAY, "no address"),
                arguments(255, "ssh: connect to host h port 22: Connection refused", AWAY, "nobody listens"),
                arguments(255, "ssh: connect to host h port 22: Connection timed out", AWAY, "no answer"),
                arguments(255, "ssh: connect to host h port 22: No route to host", AWAY, "no way"),
                arguments(255, "Bad configuration option: nonsense", REFUSED, "options"),
                arguments(255, "Connection to h closed by remote host.", AWAY, "ssh"));
    }

    /** Whoever may name a file would else decide whether a target is paused, or halted for good. */
    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Read-only file system", "a: Read-only file system (30)",
            "Deletions stopped due to --max-delete limit"})
    void a_file_by_the_name_of_a_message_decides_nothing(String name) {
        assertFits(23, "rsync: [sender] send_files failed to open \"/src/" + name + "\": Permission denied (13)\n", PARTLY);
    }

    @Test
    void nothing_but_success_is_taken_for_success() {
        assertThat(IntStream.rangeClosed(1, 255).filter(exit -> exit != ExitCodeTable.VANISHED)
                .filter(exit -> ExitCodeTable.verdict(exit, "").outcome() == ARRIVED)).isEmpty();
    }

    private static ExitDiagnosis assertFits(int exit, String said, RunOutcome outcome) {
        ExitDiagnosis verdict = ExitCodeTable.verdict(exit, said);
        assertThat(verdict.outcome()).as("%d: %s", exit, said).isEqualTo(outcome);
        assertThat(verdict.cause()).as("cause of %d", exit).isNotBlank();
        if (outcome == REFUSED || outcome == HALTED || outcome == FULL) {
            assertThat(verdict.remedy()).as("remedy of %d", exit).isNotBlank();
        }
        return verdict;
    }
}
