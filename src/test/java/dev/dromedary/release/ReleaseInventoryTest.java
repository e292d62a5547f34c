package dev.dromedary.release;

import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReleaseInventoryTest {

    private static final String LISTED = """
            drwxr-xr-x          4,096 2026/11/28 13:00:00 .
            lrwxrwxrwx             11 2026/11/28 13:00:00 current -> releases/12
            drwxr-xr-x          4,096 2026/11/28 13:00:00 releases
            drwxr-xr-x          4,096 2026/11/28 13:00:00 releases/12
            drwxr-xr-x          4,096 2026/11/28 13:00:00 releases/9
            drwxr-xr-x          4,096 2026/11/28 13:00:00 releases/013
            drwxr-xr-x          4,096 2026/11/28 13:00:00 releases/12.old
            -rw-r--r--          4,096 2026/11/28 13:00:00 releases/14
            lrwxrwxrwx              2 2026/11/28 13:00:00 releases/15 -> 12
            drwxr-xr-x          4,096 2026/11/28 13:00:00 releases/99999999999
            """;

    @Test
    void folders_with_a_number_are_releases() {
        assertThat(ReleaseInventory.of(LISTED).there()).containsExactly(9, 12);
        assertThat(ReleaseInventory.of(LISTED).current()).isEqualTo(12);
        assertThat(ReleaseInventory.of(LISTED).blocked()).isFalse();
        assertThat(ReleaseInventory.of("")).isEqualTo(new ReleaseInventory(new TreeSet<>(), 0, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"releases/8", "elsewhere", "../releases/12", "releases/12/x", "/data/releases/12"})
    void a_link_to_something_else_names_none(String to) {
        assertThat(ReleaseInventory.of(LISTED.replace("-> releases/12", "-> " + to)).current()).isZero();
    }

    @Test
    void what_is_no_link_is_in_the_way() {
        assertThat(ReleaseInventory.of(LISTED.replace("lrwxrwxrwx             11 2026/11/28 13:00:00 current -> releases/12",
                "drwxr-xr-x          4,096 2026/11/28 13:00:00 current")).blocked()).isTrue();
    }
}
