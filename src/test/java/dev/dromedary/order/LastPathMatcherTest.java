package dev.dromedary.order;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class LastPathMatcherTest {

    private final LastPathMatcher last = new LastPathMatcher(List.of("- index.html", "- *.m3u8", "- /dists/", "- a/b*"));

    @ParameterizedTest
    @CsvSource({"index.html, true", "deep/down/index.html, true", "index.htm, false", "live/a.m3u8, true", "dists, true",
            "dists/stable/Release, true", "pool/dists/Release, false", "index.html/inside, true", "x/a/bc, true", "x/a/c, false", "'', false"})
    void they_are_told_by_rsync_patterns_and_so_is_what_lies_below(String path, boolean is) {
        assertThat(last.test(path)).isEqualTo(is);
    }
}
