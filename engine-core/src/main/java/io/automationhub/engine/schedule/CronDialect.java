package io.automationhub.engine.schedule;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How a cron expression is to be read. The same text may mean different things: in {@link #UNIX} the day of the week 1 is Monday, in
 * {@link #QUARTZ} it is Sunday. So a dialect is always named, never guessed.
 */
public enum CronDialect {

    /**
     * Five fields, as in crontab(5): minute, hour, day of month, month, day of week (0 and 7 are Sunday). If both days are
     * restricted, one of them is enough.
     */
    UNIX("0 9 * * MON-FRI", "minute, hour, day of month, month, day of week", 5, 5, "*"),

    /**
     * Six or seven fields, as in Quartz: second, minute, hour, day of month, month, day of week (1 is Sunday), year. One of the two
     * days is {@code ?}. Ranges may go round: {@code FRI-MON}.
     */
    QUARTZ(
            "0 0 9 ? * MON-FRI",
            "second, minute, hour, day of month, month, day of week, and perhaps year; one of the two days is '?'",
            6,
            7,
            "?"),

    /**
     * Six fields, as in Spring 5.3 and later: second, minute, hour, day of month, month, day of week (0 and 7 are Sunday). If both
     * days are restricted, both must match.
     */
    SPRING("0 0 9 * * MON-FRI", "second, minute, hour, day of month, month, day of week", 6, 6, "*");

    private final String example;
    private final String fields;
    private final int least;
    private final int most;
    private final String noDay;

    CronDialect(String example, String fields, int least, int most, String noDay) {
        this.example = example;
        this.fields = fields;
        this.least = least;
        this.most = most;
        this.noDay = noDay;
    }

    /** An expression of the dialect: at nine, from Monday to Friday. */
    public String example() {
        return example;
    }

    /** What its fields are, the first first. */
    String fields() {
        return fields;
    }

    int leastFields() {
        return least;
    }

    int mostFields() {
        return most;
    }

    /** What a macro such as {@code @daily} stands for; empty if it is none. */
    Optional<String> macro(String text) {
        String expression = switch (text.toLowerCase(Locale.ROOT)) {
            case "@yearly", "@annually" -> "0 0 1 1 " + noDay;
            case "@monthly" -> "0 0 1 * " + noDay;
            case "@weekly" -> "0 0 " + noDay + " * SUN";
            case "@daily", "@midnight" -> "0 0 * * " + noDay;
            case "@hourly" -> "0 * * * " + noDay;
            default -> "";
        };
        return Optional.of(this == UNIX ? expression : "0 " + expression).filter(found -> !expression.isEmpty());
    }

    /** The name in files, in small letters. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The dialect of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static CronDialect of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no cron dialect '" + name
                        + "'; write 'unix' (5 fields), 'quartz' (6 or 7) or 'spring' (6)"));
    }
}
