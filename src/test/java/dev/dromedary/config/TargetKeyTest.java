package dev.dromedary.config;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TargetKeyTest {

    @Test
    void the_list_is_that_of_the_contract() {
        assertThat(TargetKey.keys()).containsExactly("url", "password-file", "ssh-options", "rsync-options", "window",
                "max-delay", "exclude", "include", "filter-from", "last", "poll", "hard-links", "warm", "max-backlog", "large-file", "delete", "first-run", "target-marker",
                "max-delete", "max-change", "releases", "quiet", "bandwidth-limit", "timeout",
                "reconcile", "checksum-reconcile", "reconcile-on-start", "replay", "retries", "retry-delay", "before", "after", "on-failure",
                "notify", "lag-alarm", "heal", "hooks-hold");
    }
}
