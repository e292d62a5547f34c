package dev.dromedary.sersync;

/** Converts {@code <failLog>} and {@code <crontab>}: when failed changes are tried again, and when everything is compared. */
final class ScheduleConversion {

    private static final int HOUR = 60;
    private static final int DAY = 24 * HOUR;
    private static final int SERSYNCS_CRONTAB = 600;

    private ScheduleConversion() {
    }

    static void read(ConfxmlElement head, ConfigDraft draft, ConversionNotes findings) {
        ConfxmlElement failLog = head.first("sersync").first("failLog");
        if (failLog.has("path")) {
            findings.notNeeded(failLog, "path=\"" + failLog.get("path") + "\"", "what failed is kept as dead letters in"
                    + " dromedary.state-dir, and is replayed until it has arrived");
        }
        if (failLog.has("timeToExecute")) {
            // as replay, it would be the longest time between two probes of a target
            findings.notNeeded(failLog, "timeToExecute=\"" + failLog.get("timeToExecute") + "\"", "an unreachable target is asked again"
                    + " within replay = 30s, and what failed is sent as soon as it is back");
        }
        ConfxmlElement crontab = head.first("sersync").first("crontab");
        if (crontab.isOn()) {
            reconcile(crontab, head.first("filter"), draft, findings);
        } else if (crontab.isThere()) {
            findings.notNeeded(crontab, "schedule=\"" + crontab.get("schedule") + "\"", "it is switched off");
        }
    }

    private static void reconcile(ConfxmlElement crontab, ConfxmlElement filter, ConfigDraft draft, ConversionNotes findings) {
        String schedule = crontab.get("schedule");
        String shown = "schedule=\"" + schedule + "\"";
        if (!schedule.matches("0*[0-9]{1,7}")) {
            findings.notTaken(crontab, shown, "it is not a number of minutes; set reconcile to a Quartz cron expression,"
                    + " say 0 0 3 * * ? for every night");
            return;
        }
        int asked = Integer.parseInt(schedule);
        int minutes = asked == 0 ? SERSYNCS_CRONTAB : asked;
        String cron = cron(minutes);
        draft.set("reconcile", cron);
        String how = "reconcile = " + cron + (isExact(minutes) ? ""
                : "; a calendar has no step of " + minutes + " minutes, this is at least as often");
        boolean idle = filter.isOn() && !filter.all("exclude").isEmpty()
                && !(crontab.first("crontabfilter").isOn() && !crontab.first("crontabfilter").all("exclude").isEmpty());
        findings.taken(crontab, shown, how + (idle
                ? "; sersync switches crontab off when there is a filter without a crontabfilter, here both go together" : ""));
    }

    /** {@return a Quartz cron expression without gaps longer than these minutes, as close to them as possible} */
    static String cron(int minutes) {
        if (minutes < HOUR) {
            return "0 0/" + minutes + " * * * ?";
        }
        if (minutes < DAY) {
            int hours = minutes / HOUR;
            return hours == 1 ? "0 0 * * * ?" : "0 0 0/" + hours + " * * ?";
        }
        // at night, because the interval is in whole days
        int days = minutes / DAY;
        return days == 1 ? "0 0 3 * * ?" : days > 28 ? "0 0 3 1 * ?" : "0 0 3 1/" + days + " * ?";
    }

    static boolean isExact(int minutes) {
        return minutes < HOUR ? HOUR % minutes == 0 : minutes % HOUR == 0 && DAY % minutes == 0;
    }
}
