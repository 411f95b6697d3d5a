package io.automationhub.engine.schedule;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at minute after minute whether the text of a crontab fits it: slow, and too simple to be wrong in the same way. */
final class NaiveCron {

    private static final List<String> MONTHS =
            List.of("", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

    private final String[] fields;

    NaiveCron(String text) {
        fields = text.split(" ", -1);
    }

    @Nullable
    LocalDateTime next(LocalDateTime after, LocalDateTime end) {
        LocalDateTime time = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        while (time.isBefore(end)) {
            if (!day(time)) {
                time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
            } else if (fits(fields[0], time.getMinute(), 0) && fits(fields[1], time.getHour(), 0)) {
                return time;
            } else {
                time = time.plusMinutes(1);
            }
        }
        return null;
    }

    private boolean day(LocalDateTime time) {
        int weekday = time.getDayOfWeek().getValue();
        boolean ofMonth = fits(fields[2], time.getDayOfMonth(), 1);
        boolean ofWeek = fits(fields[4], weekday, 0) || weekday == 7 && fits(fields[4], 0, 0);
        boolean either = !fields[2].startsWith("*") && !fields[4].startsWith("*");
        return fits(fields[3], time.getMonthValue(), 1) && (either ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private static boolean fits(String field, int value, int least) {
        for (String part : field.split(",", -1)) {
            String[] step = part.split("/", -1);
            String[] ends = step[0].split("-", -1);
            boolean all = step[0].equals("*");
            int from = all ? least : number(ends[0]);
            int to = all ? 99 : number(ends[ends.length - 1]);
            if (value >= from && value <= to && (step.length == 1 || (value - from) % Integer.parseInt(step[1]) == 0)) {
                return true;
            }
        }
        return false;
    }

    private static int number(String text) {
        return MONTHS.contains(text) ? MONTHS.indexOf(text) : Integer.parseInt(text);
    }
}
