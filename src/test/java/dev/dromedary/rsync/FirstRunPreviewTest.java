package dev.dromedary.rsync;

import java.io.IOException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FirstRunPreviewTest {

    /** Files at the source with the top folder, of them created and sent, deleted at the target. */
    @ParameterizedTest
    @CsvSource({"2,1,1,0,false", "2,1,1,1,false", "1,0,0,1,true", "3,2,2,2,true", "1,0,0,21,true", "1001,0,0,5,true", "1001,10,10,5,false", "1001,5,20,10,false",
        "1001,1000,900,3,true", "3,2,2,-1,false"})
    void a_person_is_asked_if_it_deletes_more_than_it_brings_or_all(long files, long created, long sent, long deleted, boolean asked) {
        assertThat(new FirstRunPreview(files, created, sent, deleted).isDoubtful()).isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Number of files: 1,022 (reg: 1,021, dir: 1)\\nNumber of created files: 3 (reg: 2, dir: 1)\\nNumber of deleted files: 21 (reg: 21)\\nNumber of regular files transferred: 7 | 1022 | 3 | 7 | 21",
        "Number of files: 22\\nNumber of files transferred: 1 | 22 | 0 | 0 | -1"})
    void figures_are_those_of_rsync(String stats, long files, long created, long sent, long deleted) throws IOException {
        assertThat(FirstRunPreview.of(DryRunDeletionCounterTest.counted(stats.replace("\\n", "\n")))).isEqualTo(new FirstRunPreview(files, created, sent, deleted));
    }
}
