package dev.dromedary.rsync;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RsyncVersionTest {

    @Test
    void releases_are_told_apart() throws IOException {
        assertThat(RsyncVersion.parse("rsync  version 3.5.0  protocol version 32").deletesMissingArgs()).isTrue();
        assertThat(RsyncVersion.parse("rsync  version v3.2.7  protocol version 31").deletesMissingArgs()).isTrue();
        assertThat(RsyncVersion.parse("rsync  version 3.4.3  protocol version 32").deletesMissingArgs()).isFalse();
        assertThat(RsyncVersion.parse("rsync  version 3.4.4  protocol version 32").deletesMissingArgs()).isTrue();
        assertThat(RsyncVersion.parse("rsync  version 3.10.2  protocol version 32")).hasToString("3.10.2");
    }

    @Test
    void what_is_too_old_or_another_program_is_refused() {
        assertThatThrownBy(() -> RsyncVersion.parse("rsync  version 3.0.9  protocol version 30"))
                .isInstanceOf(IOException.class).hasMessageContaining("3.1.0 or later");
        assertThatThrownBy(() -> RsyncVersion.parse("openrsync: protocol version 29"))
                .isInstanceOf(IOException.class).hasMessageContaining("not known");
    }
}
