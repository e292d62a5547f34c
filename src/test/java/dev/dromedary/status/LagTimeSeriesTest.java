package dev.dromedary.status;

import java.util.stream.LongStream;

import dev.dromedary.status.LagTimeSeries.Slot;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LagTimeSeriesTest {

    private final LagTimeSeries series = new LagTimeSeries(5);

    @Test
    void only_the_newest_slots_are_kept() {
        fill(8);

        assertThat(series.slots()).extracting(Slot::bytes).containsExactly(4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void slots_that_become_one_have_the_longest_lag_and_all_that_was_carried() {
        fill(5);

        assertThat(series.sum(0, 2)).isEqualTo(new Slot(500, 9, 2));
        assertThat(series.sum(1, 3)).isEqualTo(new Slot(400, 9, 3));
    }

    @Test
    void what_is_older_than_the_oldest_is_a_gap() {
        fill(2);

        assertThat(series.sum(1, 10)).isEqualTo(new Slot(100, 1, 1));
        assertThat(series.sum(2, 10).isGap()).isTrue();
        assertThat(series.sum(700, 10).isGap()).isTrue();
    }

    @Test
    void a_time_in_which_nobody_looked_is_a_gap_and_no_lag_of_nought() {
        fill(1);
        series.addGaps(2);

        assertThat(series.slots()).extracting(Slot::lagSeconds).containsExactly(0.1, null, null);
        series.addGaps(1_000_000);
        assertThat(series.slots()).hasSize(5).allMatch(Slot::isGap);
    }

    @Test
    void before_the_first_slot_there_is_nothing() {
        series.addGaps(3);

        assertThat(series.slots()).isEmpty();
    }

    @Test
    void it_is_read_as_it_was_written() throws Exception {
        fill(3);
        series.addGaps(1);
        LagTimeSeries read = new LagTimeSeries(5);
        read.read((JsonObject) Jsoner.deserialize(series.json().toJson()));

        assertThat(read.slots()).isEqualTo(series.slots());
    }

    @Test
    void what_is_no_series_is_refused() {
        for (String text : new String[] {"{}", "{\"lagMillis\":[1],\"bytes\":[],\"files\":[1]}", "{\"lagMillis\":[\"x\"],\"bytes\":[1],\"files\":[1]}"}) {
            assertThatThrownBy(() -> new LagTimeSeries(5).read((JsonObject) Jsoner.deserialize(text))).as(text).isInstanceOf(RuntimeException.class);
        }
    }

    private void fill(long count) {
        LongStream.rangeClosed(1, count).forEach(i -> series.add(new Slot(i * 100, i, 1)));
    }
}
