package io.automationhub.engine.schedule;

import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rules as they stand in files: {@code {"cron": "0 9 * * MON-FRI", "dialect": "unix", "zone": "Europe/Berlin"}}. All that is wrong
 * is told at once, each with its place.
 */
public final class ScheduleConfig {

    private static final List<String> TIMINGS = List.of("cron", "every", "at", "after");

    private static final int DEFAULT_SLOTS = 60;

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

    private ScheduleConfig(JsonObject config, @Nullable String nodeId) {
        this.config = config;
        this.nodeId = nodeId;
    }

    /**
     * What was read.
     *
     * @param rule null if something is wrong
     * @param problems with pointers into the configuration
     */
    public record Reading(@Nullable ScheduleRule rule, List<Problem> problems) {}

    /**
     * Reads a rule.
     *
     * @param nodeId of the node whose configuration it is; null if it is of none
     */
    public static Reading read(JsonObject config, @Nullable String nodeId) {
        ScheduleConfig reader = new ScheduleConfig(config, nodeId);
        ScheduleRule rule = reader.rule();
        return new Reading(reader.problems.isEmpty() ? rule : null, List.copyOf(reader.problems));
    }

    /**
     * What keeps a rule from firing at all from now on.
     *
     * @param calendars the host's own by their names
     * @param nodeId of the node whose configuration it is; null if it is of none
     */
    public static List<Problem> problems(
            ScheduleRule rule, Instant now, Map<String, BusinessCalendar> calendars, @Nullable String nodeId) {
        try {
            if (FireTimes.of(rule, now, calendars, "").planned(now) != null) {
                return List.of();
            }
            Instant until = rule.until();
            if (until != null && !until.isAfter(now)) {
                return List.of(problem(
                        "/until",
                        nodeId,
                        "The window is past: it ended at " + until + ", and it is " + now
                                + "; put 'until' behind that, or leave it out"));
            }
            if (rule.timing() instanceof Timing.After) {
                return List.of();
            }
            boolean firesOnClosedDays =
                    FireTimes.of(rule.withoutCalendars(), now, calendars, "").planned(now) != null;
            return List.of(
                    firesOnClosedDays
                            ? problem(
                                    "/calendars",
                                    nodeId,
                                    "The calendars leave no day on which it fires; leave one open, or write"
                                            + " \"closedDays\": \"next\"")
                            : problem(
                                    "",
                                    nodeId,
                                    "It never fires again after " + now + (until == null ? "" : " and before " + until)
                                            + "; give it a time that is still to come"));
        } catch (IllegalArgumentException e) {
            return List.of(problem("/calendars", nodeId, sentence(String.valueOf(e.getMessage()))));
        }
    }

    /** A rule as it stands in a file; reading it gives the same rule. */
    public static JsonObject write(ScheduleRule rule) {
        JsonObject.Builder json = JsonObject.builder();
        Timing timing = rule.timing();
        if (timing instanceof Timing.Cron cron) {
            json.put("cron", cron.expression().text())
                    .put("dialect", cron.expression().dialect().text());
        } else if (timing instanceof Timing.Interval interval) {
            json.put("every", interval.every().toString()).put("countFrom", interval.fromEnd() ? "end" : "start");
        } else if (timing instanceof Timing.After after) {
            Upstream upstream = after.upstream();
            JsonObject.Builder of = JsonObject.builder()
                    .put("workflows", upstream.workflows())
                    .put("need", upstream.all() ? "all" : "any")
                    .put("on", upstream.onlySuccess() ? "success" : "completion");
            put(of, "within", upstream.within(), Duration::toString);
            json.put("after", of.build());
        } else if (timing instanceof Timing.At at) {
            json.put("at", at.instants().stream().map(Instant::toString).toList());
        }
        json.put("zone", rule.zone().getId());
        JsonObject.Builder saving = JsonObject.builder();
        put(saving, "gap", rule.gap(), gap -> gap.name().toLowerCase(Locale.ROOT));
        put(saving, "overlap", rule.overlap(), overlap -> overlap.name().toLowerCase(Locale.ROOT));
        json.put("daylightSaving", saving.build());
        put(json, "from", rule.from(), Instant::toString);
        put(json, "until", rule.until(), Instant::toString);
        json.put(
                        "calendars",
                        rule.calendars().stream().map(CalendarRule::toJson).toList())
                .put("closedDays", rule.closedDays().text())
                .put(
                        "misfire",
                        JsonObject.of("backfill", rule.misfire().most())
                                .with("tolerance", rule.misfire().tolerance().toString()))
                .put("whileRunning", rule.whileRunning().text())
                .put("jitter", rule.jitter().toString());
        put(
                json,
                "spread",
                rule.spread(),
                spread -> JsonObject.of("window", spread.window().toString()).with("slots", spread.slots()));
        put(json, "cheapest", rule.cheapest(), ScheduleConfig::json);
        put(
                json,
                "capacity",
                rule.capacity(),
                capacity -> JsonObject.of("limit", capacity.limit())
                        .with("below", BigDecimal.valueOf(capacity.below()))
                        .with("latest", capacity.latest().toString()));
        return json.build();
    }

    private static JsonObject json(Cheapest cheapest) {
        JsonObject.Builder prices = JsonObject.builder();
        cheapest.prices().forEach((at, price) -> prices.put(at.toString(), price));
        JsonObject.Builder daily = JsonObject.builder();
        cheapest.daily().forEach((at, price) -> daily.put(at.toString(), price));
        return JsonObject.of("within", cheapest.within().toString())
                .with("prices", prices.build())
                .with("daily", daily.build());
    }

    private static <T> void put(JsonObject.Builder json, String key, @Nullable T value, Function<T, Object> text) {
        if (value != null) {
            json.put(key, text.apply(value));
        }
    }

    // ---------------------------------------------------------------- the whole

    private @Nullable ScheduleRule rule() {
        for (String key : config.keySet()) {
            if (!KEYS.contains(key)) {
                add("/" + key, "A schedule has no '" + key + "'" + NearestName.hint(key, KEYS));
            }
        }
        ZoneId zone = read("zone", ScheduleRule.UTC, value -> zone(text(value)));
        JsonObject saving = read("daylightSaving", JsonObject.EMPTY, ScheduleConfig::object);
        DaylightSaving.Gap gap = read(saving, "/daylightSaving", "gap", value -> DaylightSaving.Gap.of(text(value)));
        DaylightSaving.Overlap overlap =
                read(saving, "/daylightSaving", "overlap", value -> DaylightSaving.Overlap.of(text(value)));
        for (String key : saving.keySet()) {
            if (!Set.of("gap", "overlap").contains(key)) {
                add("/daylightSaving/" + key, "'daylightSaving' has 'gap' and 'overlap', found '" + key + "'");
            }
        }
        Timing timing = timing(zone);
        Instant from = read(config, "", "from", value -> instant(text(value), zone));
        Instant until = read(config, "", "until", value -> instant(text(value), zone));
        List<CalendarRule> calendars = calendars();
        ClosedDays closedDays = read("closedDays", ClosedDays.SKIP, value -> ClosedDays.of(text(value)));
        Misfire misfire = read("misfire", Misfire.ONCE, ScheduleConfig::misfire);
        RunOverlap whileRunning = read("whileRunning", RunOverlap.ALLOW, value -> RunOverlap.of(text(value)));
        Duration jitter = read("jitter", Duration.ZERO, DurationText::parse);
        Spread spread = read(config, "", "spread", ScheduleConfig::spread);
        Cheapest cheapest = read(config, "", "cheapest", value -> cheapest(value, zone));
        Capacity capacity = read(config, "", "capacity", ScheduleConfig::capacity);
        if (timing instanceof Timing.After && (spread != null || cheapest != null || !calendars.isEmpty())) {
            add(
                    "/after",
                    "What runs after other workflows has no planned times that 'spread', 'cheapest' or 'calendars' could"
                            + " move; leave these out");
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
            case "after" -> read(config, "", "after", value -> new Timing.After(upstream(value)));
            default -> at(zone);
        };
    }

    private @Nullable Timing cron() {
        String text = read(config, "", "cron", ScheduleConfig::text);
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
        CronDialect dialect = read(config, "", "dialect", value -> CronDialect.of(text(value)));
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
        boolean fromEnd = read("countFrom", false, value -> switch (text(value)) {
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
                instants.add(instant(text(each), zone));
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
                CalendarRule rule = calendar(each);
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

    private static CalendarRule calendar(@Nullable Object value) {
        if (value instanceof String text) {
            if (text.equals("weekends")) {
                return CalendarRule.WEEKENDS;
            }
            List<String> parts = List.of(text.split("-", -1));
            return new CalendarRule.Holidays(parts.get(0), parts.subList(1, parts.size()));
        }
        JsonObject json = object(value);
        if (json.containsKey("holidays")) {
            return new CalendarRule.Holidays(text(json.get("holidays")), texts(json.get("region")));
        }
        if (json.containsKey("weekdays")) {
            Set<DayOfWeek> days = new HashSet<>();
            texts(json.get("weekdays")).forEach(day -> days.add(weekday(day)));
            return new CalendarRule.Weekdays(days);
        }
        if (json.containsKey("dates")) {
            return dates(json);
        }
        if (json.containsKey("ical")) {
            return new CalendarRule.ICalendar(text(json.get("ical")));
        }
        if (json.containsKey("calendar")) {
            return new CalendarRule.Named(text(json.get("calendar")));
        }
        throw new IllegalArgumentException(
                "a calendar is 'weekends', a country such as 'DE' or 'DE-BY', or an object with"
                        + " one of 'holidays', 'weekdays', 'dates', 'ical' or 'calendar', found " + json.keySet());
    }

    private static CalendarRule dates(JsonObject json) {
        Set<LocalDate> dates = new HashSet<>();
        Set<MonthDay> yearly = new HashSet<>();
        for (String text : texts(json.get("dates"))) {
            try {
                if (text.length() == "12-24".length()) {
                    yearly.add(MonthDay.parse("--" + text));
                } else {
                    dates.add(LocalDate.parse(text));
                }
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no date; write '2026-12-24', or '12-24' for each year", e);
            }
        }
        if (dates.isEmpty() && yearly.isEmpty()) {
            throw new IllegalArgumentException("'dates' has none; write such as [\"2026-12-24\", \"12-31\"]");
        }
        return new CalendarRule.Dates(dates, yearly, json.get("name") == null ? "closed days" : text(json.get("name")));
    }

    private static DayOfWeek weekday(String name) {
        for (DayOfWeek day : DayOfWeek.values()) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (day.name().equals(upper) || upper.length() == 3 && day.name().startsWith(upper)) {
                return day;
            }
        }
        throw new IllegalArgumentException(
                "'" + name + "' is no day of the week; write MON, TUE, WED, THU, FRI, SAT, SUN");
    }

    // ---------------------------------------------------------------- values

    private static Misfire misfire(@Nullable Object value) {
        if (value instanceof JsonObject json) {
            Duration tolerance =
                    json.get("tolerance") == null ? Misfire.TOLERANCE : DurationText.parse(json.get("tolerance"));
            Object most = json.containsKey("backfill")
                    ? json.get("backfill")
                    : misfire(json.get("policy")).most();
            if (!(most instanceof Number number) || number.longValue() != number.intValue()) {
                throw new IllegalArgumentException(
                        "'backfill' is how many missed firings are made up for, found " + most);
            }
            return new Misfire(number.intValue(), tolerance);
        }
        return switch (text(value)) {
            case "once" -> Misfire.ONCE;
            case "skip" -> Misfire.SKIP;
            default ->
                throw new IllegalArgumentException(
                        "'" + value + "' is no policy for missed firings; write 'once', 'skip' or {\"backfill\": 10}");
        };
    }

    private static Upstream upstream(@Nullable Object value) {
        if (value instanceof String workflow) {
            return new Upstream(List.of(workflow), true, true, null);
        }
        if (value instanceof JsonArray) {
            return new Upstream(texts(value), true, true, null);
        }
        JsonObject json = known(object(value), "workflows", "need", "on", "within");
        boolean all = oneOf(json, "need", "all", "any").equals("all");
        boolean success = oneOf(json, "on", "success", "completion").equals("success");
        Object within = json.get("within");
        return new Upstream(
                texts(json.get("workflows")), all, success, within == null ? null : DurationText.parse(within));
    }

    private static Spread spread(@Nullable Object value) {
        if (!(value instanceof JsonObject)) {
            return new Spread(DurationText.parse(value), DEFAULT_SLOTS);
        }
        JsonObject json = known(object(value), "window", "slots");
        Object slots = json.getOrDefault("slots", (long) DEFAULT_SLOTS);
        return new Spread(duration(json, "window", "1h"), Math.toIntExact(whole(slots, "slots")));
    }

    private static Cheapest cheapest(@Nullable Object value, ZoneId zone) {
        JsonObject json = known(object(value), "within", "prices", "daily");
        Map<Instant, BigDecimal> prices = new HashMap<>();
        curve(json, "prices").forEach((at, price) -> prices.put(instant(at, zone), price(price)));
        Map<LocalTime, BigDecimal> daily = new HashMap<>();
        curve(json, "daily").forEach((at, price) -> daily.put(timeOfDay(at), price(price)));
        return new Cheapest(prices, daily, duration(json, "within", "8h"));
    }

    private static JsonObject curve(JsonObject json, String key) {
        return json.get(key) == null ? JsonObject.EMPTY : object(json.get(key));
    }

    private static LocalTime timeOfDay(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no time of day; write such as '06:00'", e);
        }
    }

    private static BigDecimal price(@Nullable Object value) {
        if (value instanceof Number number) {
            return new BigDecimal(number.toString());
        }
        throw new IllegalArgumentException("a price is a number, found " + Json.typeName(value));
    }

    private static Capacity capacity(@Nullable Object value) {
        JsonObject json = known(object(value), "limit", "below", "latest");
        String limit = json.get("limit") == null ? null : text(json.get("limit"));
        if (!(json.get("below") instanceof Number below)) {
            throw new IllegalArgumentException(
                    "'below' says what counts as capacity: {\"below\": 0.8, \"latest\": \"30m\"} of"
                            + " the runs of a process, or {\"limit\": \"gpu\", \"below\": 2, \"latest\": \"30m\"} of a limit");
        }
        return new Capacity(limit, below.doubleValue(), duration(json, "latest", "30m"));
    }

    private static Duration duration(JsonObject json, String key, String example) {
        if (!json.containsKey(key)) {
            throw new IllegalArgumentException(
                    "'" + key + "' is missing; write such as \"" + key + "\": \"" + example + "\"");
        }
        return DurationText.parse(json.get(key));
    }

    private static JsonObject known(JsonObject json, String... keys) {
        List<String> all = List.of(keys);
        for (String key : json.keySet()) {
            if (!all.contains(key)) {
                throw new IllegalArgumentException(
                        "there is no '" + key + "' here; there are " + String.join(", ", all));
            }
        }
        return json;
    }

    private static String oneOf(JsonObject json, String key, String usual, String other) {
        Object value = json.getOrDefault(key, usual);
        if (usual.equals(value) || other.equals(value)) {
            return String.valueOf(value);
        }
        throw new IllegalArgumentException(
                "'" + key + "' is '" + usual + "' or '" + other + "', found '" + value + "'");
    }

    private static long whole(@Nullable Object value, String what) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("'" + what + "' is a whole number, found " + value);
    }

    /** A time zone of the IANA's database, or an offset. */
    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            String nearest = NearestName.hint(name, ZoneId.getAvailableZoneIds());
            throw new IllegalArgumentException(
                    "there is no time zone '" + name + "'"
                            + (nearest.isEmpty()
                                    ? "; write one of the IANA's such as 'Europe/Berlin', or 'UTC'"
                                    : nearest),
                    e);
        }
    }

    /** With an offset, or on the clock of the zone. */
    private static Instant instant(String text, ZoneId zone) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return localInstant(text, zone);
        }
    }

    private static Instant localInstant(String text, ZoneId zone) {
        try {
            LocalDateTime time = text.length() == "2026-12-24".length()
                    ? LocalDate.parse(text).atStartOfDay()
                    : LocalDateTime.parse(text);
            ZoneOffsetTransition change = zone.getRules().getTransition(time);
            return change != null && change.isGap()
                    ? change.getInstant()
                    : time.atZone(zone).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time; write '2026-12-24T18:00' on the clock of the zone, or"
                            + " '2026-12-24T18:00:00Z' with an offset",
                    e);
        }
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("expected a text, found " + Json.typeName(value));
    }

    private static JsonObject object(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException("expected an object, found " + Json.typeName(value));
    }

    private static List<String> texts(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        return value instanceof JsonArray list
                ? list.stream().map(ScheduleConfig::text).toList()
                : List.of(text(value));
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
            add(pointer, sentence(String.valueOf(e.getMessage())));
        }
    }

    private static String sentence(String message) {
        return message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
    }

    private static Problem problem(String pointer, @Nullable String nodeId, String message) {
        return Problem.of(ProblemCode.INVALID_CONFIG, pointer, nodeId, message, null);
    }

    private void add(String pointer, String message) {
        problems.add(problem(pointer, nodeId, message));
    }
}
