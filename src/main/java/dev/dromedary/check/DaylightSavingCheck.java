package dev.dromedary.check;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Stream;

import dev.dromedary.config.Settings;
import dev.dromedary.config.Target;
import org.quartz.CronExpression;

/**
 * Checks how a change of the clocks affects the cron expressions: Quartz skips a time that does not exist, and pauses during the first pass
 * of an hour that occurs twice.
 */
final class DaylightSavingCheck {

    private static final Duration FORESEEN = Duration.ofDays(396);
    // a gap of many hours that is longer by one hour does not matter
    private static final double NOTICED = 1.5;
    private static final Duration AFTER = Duration.ofHours(1);
    // the first is longer than any change of a clock
    private static final List<Duration> BEFORE = Stream.of(3, 24, 24 * 8, 24 * 32, 24 * 370).map(Duration::ofHours).toList();
    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

    /**
     * A gap that is longer than it would be without a change of the clocks.
     *
     * @param day   the day of the change
     * @param from  the last match of the cron expression before the gap
     * @param to    the next match
     * @param usual how long the gap would be otherwise
     */
    record Rest(LocalDate day, Instant from, Instant to, Duration usual) {

        Duration length() {
            return Duration.between(from, to);
        }

        double times() {
            return (double) length().toMillis() / usual.toMillis();
        }
    }

    /** A key and its cron expression, for any mirror or target. */
    private record Line(String option, String cron) {
    }

    private DaylightSavingCheck() {
    }

    static List<CheckFinding> look(Settings settings, ZoneId zone, Instant now) {
        Set<Line> lines = new LinkedHashSet<>();
        settings.mirrors().stream().flatMap(mirror -> mirror.targets().stream()).forEach(target -> lines.addAll(lines(target)));
        List<CheckFinding> findings = new ArrayList<>();
        for (Line line : lines) {
            for (Rest rest : rests(line.cron, zone, now)) {
                findings.add(CheckFinding.advice(line.option + " = " + line.cron, "the clocks change on " + rest.day + ", and it rests for "
                        + words(rest.length()) + " then, from " + SHOWN.format(rest.from.atZone(zone)) + " to "
                        + SHOWN.format(rest.to.atZone(zone)) + ", in place of " + words(rest.usual),
                        line.option.equals("replay") ? "write a duration, such as replay = 5m, which is not affected"
                                : "name an hour in which the clocks are not changed"));
            }
        }
        return findings;
    }

    private static List<Line> lines(Target target) {
        return Stream.of(new Line("reconcile", target.reconcile()), new Line("checksum-reconcile", target.checksumReconcile()),
                new Line("replay", target.replay().cron())).filter(line -> line.cron != null).toList();
    }

    /** {@return the longest gap around each change of the clocks in the next 13 months, if the change makes it longer} */
    static List<Rest> rests(String cron, ZoneId zone, Instant now) {
        List<Rest> rests = new ArrayList<>();
        CronExpression met = parsed(cron, zone);
        ZoneOffsetTransition change = zone.getRules().nextTransition(now);
        while (change != null && change.getInstant().isBefore(now.plus(FORESEEN))) {
            Rest longest = longest(met, zone, change);
            if (longest != null && longest.times() > NOTICED) {
                rests.add(longest);
            }
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return rests;
    }

    private static Rest longest(CronExpression met, ZoneId zone, ZoneOffsetTransition change) {
        Instant end = change.getInstant().plus(AFTER);
        LocalDate day = change.getDateTimeBefore().toLocalDate();
        // as it would be if the clock were not changed
        Map<ZoneOffset, CronExpression> usually = new HashMap<>();
        Rest longest = null;
        for (Instant from = before(met, change.getInstant()), to; from != null && from.isBefore(end); from = to) {
            to = next(met, from);
            Instant usual = next(usually.computeIfAbsent(zone.getRules().getOffset(from), offset ->
                    parsed(met.getCronExpression(), offset)), from);
            if (to == null || usual == null) {
                return longest;
            }
            Rest rest = new Rest(day, from, to, Duration.between(from, usual));
            longest = longest == null || rest.times() > longest.times() ? rest : longest;
        }
        return longest;
    }

    // a match of the expression before the change, as late as is easily found
    private static Instant before(CronExpression met, Instant change) {
        return BEFORE.stream().map(back -> next(met, change.minus(back))).filter(at -> at != null && at.isBefore(change))
                .findFirst().orElse(null);
    }

    private static Instant next(CronExpression met, Instant after) {
        Date next = met.getNextValidTimeAfter(Date.from(after));
        return next == null ? null : next.toInstant();
    }

    private static CronExpression parsed(String cron, ZoneId zone) {
        try {
            CronExpression expression = new CronExpression(cron);
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            return expression;
        } catch (ParseException e) {
            throw new IllegalStateException("it was read when the configuration was", e);
        }
    }

    private static String words(Duration duration) {
        return Stream.of(part(duration.toDays(), "d"), part(duration.toHoursPart(), "h"), part(duration.toMinutesPart(), "min"),
                part(duration.toSecondsPart(), "s")).filter(part -> !part.isEmpty()).reduce((a, b) -> a + ' ' + b).orElse("no time");
    }

    private static String part(long count, String unit) {
        return count == 0 ? "" : count + " " + unit;
    }
}
