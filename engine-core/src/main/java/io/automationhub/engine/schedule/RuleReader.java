package io.automationhub.engine.schedule;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.Problem;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one rule. What does not fit becomes a problem and reads as absent. For use by one thread. */
final class RuleReader {

    private static final List<String> TIMINGS = List.of("cron", "every", "at", "after");
    private static final Set<String> KEYS = Set.of(
            "cron",
            "dialect",
            "every",
            "countFrom",
            "at",
            "after",
            "zone",
            "daylightSaving",
            "from",
            "until",
            "calendars",
            "closedDays",
            "misfire",
            "whileRunning",
            "spread",
            "cheapest",
            "capacity",
            "jitter");

    private final JsonObject config;
    private final @Nullable String nodeId;
    private final List<Problem> problems = new ArrayList<>();

    RuleReader(JsonObject config, @Nullable String nodeId) {
        this.config = config;
        this.nodeId = nodeId;
    }

    ScheduleConfig.Reading read() {
        ScheduleRule rule = rule();
        return new ScheduleConfig.Reading(problems.isEmpty() ? rule : null, List.copyOf(problems));
    }

    private @Nullable ScheduleRule rule() {
        for (String key : config.keySet()) {
            if (!KEYS.contains(key)) {
                add("/" + key, "A schedule has no '" + key + "'" + NearestName.hint(key, KEYS));
            }
        }
        ZoneId zone = read("zone", ScheduleRule.UTC, value -> ConfigValues.zone(ConfigValues.text(value)));
        JsonObject saving = read("daylightSaving", JsonObject.EMPTY, ConfigValues::object);
        DaylightSaving.Gap gap =
                read(saving, "/daylightSaving", "gap", value -> DaylightSaving.Gap.of(ConfigValues.text(value)));
        DaylightSaving.Overlap overlap = read(
                saving, "/daylightSaving", "overlap", value -> DaylightSaving.Overlap.of(ConfigValues.text(value)));
        for (String key : saving.keySet()) {
            if (!Set.of("gap", "overlap").contains(key)) {
                add("/daylightSaving/" + key, "'daylightSaving' has 'gap' and 'overlap', found '" + key + "'");
            }
        }
        Timing timing = timing(zone);
        Instant from = read(config, "", "from", value -> ConfigValues.instant(ConfigValues.text(value), zone));
        Instant until = read(config, "", "until", value -> ConfigValues.instant(ConfigValues.text(value), zone));
        List<CalendarRule> calendars = calendars();
        ClosedDays closedDays = read("closedDays", ClosedDays.SKIP, value -> ClosedDays.of(ConfigValues.text(value)));
        Misfire misfire = read("misfire", Misfire.ONCE, PolicyConfig::misfire);
        RunOverlap whileRunning =
                read("whileRunning", RunOverlap.ALLOW, value -> RunOverlap.of(ConfigValues.text(value)));
        Duration jitter = read("jitter", Duration.ZERO, DurationText::parse);
        Spread spread = read(config, "", "spread", PolicyConfig::spread);
        Cheapest cheapest = read(config, "", "cheapest", value -> PolicyConfig.cheapest(value, zone));
        Capacity capacity = read(config, "", "capacity", PolicyConfig::capacity);
        boolean moves = spread != null || cheapest != null || capacity != null || !calendars.isEmpty();
        if (timing instanceof Timing.After && moves) {
            add(
                    "/after",
                    "What runs after other workflows has no planned times that 'calendars', 'spread', 'cheapest' or"
                            + " 'capacity' could move; leave these out");
        }
        if (from != null && until != null && !from.isBefore(until)) {
            add(
                    "/until",
                    "The window ends before it begins: from " + from + " until " + until
                            + "; put 'until' behind 'from'");
        }
        if (timing instanceof Timing.Interval && closedDays != ClosedDays.SKIP) {
            add("/closedDays", "An interval cannot be moved to another day; write 'skip', or use 'cron'");
        }
        return timing == null
                ? null
                : new ScheduleRule(
                        timing,
                        zone,
                        gap,
                        overlap,
                        from,
                        until,
                        calendars,
                        closedDays,
                        misfire,
                        whileRunning,
                        spread,
                        cheapest,
                        capacity,
                        jitter);
    }

    private @Nullable Timing timing(ZoneId zone) {
        List<String> found = TIMINGS.stream().filter(config::containsKey).toList();
        if (found.size() != 1) {
            add(
                    "",
                    "A schedule has one of 'cron', 'every', 'at' or 'after', found "
                            + (found.isEmpty() ? "none" : String.join(" and ", found))
                            + "; write such as {\"cron\": \"0 9 * * MON-FRI\", \"dialect\": \"unix\"} or {\"every\": \"5m\"}");
            return null;
        }
        if (!config.containsKey("cron") && config.containsKey("dialect")) {
            add("/dialect", "A dialect is one of cron expressions, and there is none");
        }
        if (!config.containsKey("every") && config.containsKey("countFrom")) {
            add("/countFrom", "'countFrom' goes with 'every', and there is none");
        }
        return switch (found.get(0)) {
            case "cron" -> cron();
            case "every" -> interval();
            case "after" -> read(config, "", "after", value -> new Timing.After(PolicyConfig.upstream(value)));
            default -> at(zone);
        };
    }

    private @Nullable Timing cron() {
        String text = read(config, "", "cron", ConfigValues::text);
        if (text == null) {
            return null;
        }
        if (!config.containsKey("dialect")) {
            add(
                    "/dialect",
                    "The dialect of a cron expression is named, for the same text means different things; write"
                            + " 'unix' (5 fields), 'quartz' (6 or 7) or 'spring' (6)" + fitting(text));
            return null;
        }
        CronDialect dialect = read(config, "", "dialect", value -> CronDialect.of(ConfigValues.text(value)));
        return dialect == null
                ? null
                : read(config, "", "cron", value -> new Timing.Cron(CronExpression.parse(dialect, text)));
    }

    private static String fitting(String text) {
        List<String> fitting = Arrays.stream(CronDialect.values())
                .filter(dialect -> isReadable(dialect, text))
                .map(dialect -> "'" + dialect.text() + "'")
                .toList();
        return fitting.isEmpty() ? "" : "; this one can be read as " + String.join(" or ", fitting);
    }

    private static boolean isReadable(CronDialect dialect, String text) {
        try {
            CronExpression unused = CronExpression.parse(dialect, text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private @Nullable Timing interval() {
        boolean fromEnd = read("countFrom", false, value -> switch (ConfigValues.text(value)) {
            case "start" -> false;
            case "end" -> true;
            default ->
                throw new IllegalArgumentException("an interval counts from 'start' or 'end', found '" + value + "'");
        });
        return read(config, "", "every", value -> new Timing.Interval(DurationText.parse(value), fromEnd));
    }

    private @Nullable Timing at(ZoneId zone) {
        return read(config, "", "at", value -> {
            List<Instant> instants = new ArrayList<>();
            for (Object each : value instanceof JsonArray list ? list : JsonArray.of(value)) {
                instants.add(ConfigValues.instant(ConfigValues.text(each), zone));
            }
            return new Timing.At(instants);
        });
    }

    // ---------------------------------------------------------------- calendars

    private List<CalendarRule> calendars() {
        List<CalendarRule> rules = new ArrayList<>();
        Object value = config.get("calendars");
        if (value == null) {
            return rules;
        }
        List<?> all = value instanceof JsonArray list ? list : List.of(value);
        EnumSet<DayOfWeek> closed = EnumSet.noneOf(DayOfWeek.class);
        for (int i = 0; i < all.size(); i++) {
            Object each = all.get(i);
            tried("/calendars" + (value instanceof JsonArray ? "/" + i : ""), () -> {
                CalendarRule rule = CalendarConfig.read(each);
                if (rule instanceof CalendarRule.Weekdays weekdays) {
                    closed.addAll(weekdays.days());
                }
                // Whether it exists; a host's own is known to the engine alone.
                if (!(rule instanceof CalendarRule.Named)) {
                    BusinessCalendar unused = rule.calendar(Map.of());
                }
                rules.add(rule);
            });
        }
        if (closed.size() == 7) {
            add("/calendars", "The calendars close all days of the week, so that it never fires; leave one open");
        }
        return rules;
    }

    // ---------------------------------------------------------------- reading

    private <T> T read(String key, T otherwise, Function<@Nullable Object, T> reading) {
        T found = config.containsKey(key) ? read(config, "", key, reading) : null;
        return found == null ? otherwise : found;
    }

    /** Null if it is not there, or wrong, which is a problem then. */
    private <T> @Nullable T read(JsonObject from, String pointer, String key, Function<@Nullable Object, T> reading) {
        if (!from.containsKey(key)) {
            return null;
        }
        List<T> read = new ArrayList<>();
        tried(pointer + "/" + key, () -> read.add(reading.apply(from.get(key))));
        return read.isEmpty() ? null : read.get(0);
    }

    private void tried(String pointer, Runnable reading) {
        try {
            reading.run();
        } catch (IllegalArgumentException e) {
            add(pointer, ScheduleConfig.sentence(String.valueOf(e.getMessage())));
        }
    }

    private void add(String pointer, String message) {
        problems.add(ScheduleConfig.problem(pointer, nodeId, message));
    }
}
