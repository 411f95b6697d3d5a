package io.automationhub.engine.internal.schedule;

import io.automationhub.engine.schedule.ScheduleConfig;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.ScheduleStatus.Firing;
import io.automationhub.engine.schedule.Timing;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A schedule and how far it is, as it is kept.
 *
 * @param created from when an interval without a beginning counts
 * @param cursor all that was planned up to here is decided
 * @param decided firings that are to begin, and perhaps have begun: whoever finds them begins them, the first first
 * @param queued a firing that waits for the end of {@code running}; null if none does
 * @param running the run of the last firing; null if there was none
 * @param next when it fires next; null if it does not
 * @param recent the last firings, the newest first
 * @param upstream what it has heard of other workflows; null if it runs after none
 * @param causes what runs are told that are decided or queued: the planned instant to that
 * @param failures how many times in a row the first of {@code decided} could not begin
 */
record ScheduleState(
        WorkflowSchedule schedule,
        Instant created,
        Instant cursor,
        List<Instant> decided,
        @Nullable Instant queued,
        @Nullable String running,
        @Nullable Instant next,
        List<Firing> recent,
        @Nullable UpstreamState upstream,
        JsonObject causes,
        int failures,
        @Nullable String error) {

    ScheduleState {
        decided = List.copyOf(decided);
        recent = recent.stream().limit(ScheduleStatus.MOST_RECENT).toList();
    }

    /** A schedule that has not fired. What was planned before now is not its business. */
    static ScheduleState of(WorkflowSchedule schedule, Instant now) {
        return new ScheduleState(
                schedule,
                now,
                now,
                List.of(),
                null,
                null,
                null,
                List.of(),
                upstream(schedule, now),
                JsonObject.EMPTY,
                0,
                null);
    }

    // ---------------------------------------------------------------- changes

    /** Another schedule in its place, whose firings begin after now. */
    ScheduleState changed(WorkflowSchedule other, Instant now) {
        return new ScheduleState(
                other,
                created,
                later(cursor, now),
                decided,
                queued,
                running,
                null,
                recent,
                schedule.rule().timing().equals(other.rule().timing()) && schedule.enabled() && other.enabled()
                        ? upstream
                        : upstream(other, now),
                causes,
                failures,
                error);
    }

    private static @Nullable UpstreamState upstream(WorkflowSchedule schedule, Instant now) {
        return schedule.rule().timing() instanceof Timing.After ? UpstreamState.begin(now) : null;
    }

    /** It has heard of ends of other workflows, and these lead to firings. */
    ScheduleState heard(UpstreamState heard, Map<Instant, JsonObject> firings) {
        JsonObject.Builder all = JsonObject.builder();
        causes.forEach(all::put);
        firings.forEach((planned, cause) -> all.put(planned.toString(), cause));
        return new ScheduleState(
                schedule, created, cursor, decided, queued, running, next, recent, heard, all.build(), failures, error);
    }

    /** What the run of a firing is told. */
    JsonObject cause(Instant planned) {
        return causes.get(planned.toString()) instanceof JsonObject cause ? cause : JsonObject.EMPTY;
    }

    private JsonObject causesWithout(Instant planned) {
        JsonObject.Builder rest = JsonObject.builder();
        causes.forEach((key, cause) -> {
            if (!key.equals(planned.toString())) {
                rest.put(key, cause);
            }
        });
        return rest.build();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    /** All up to an instant is decided: these are to begin, behind those that are to begin already. */
    ScheduleState decided(Instant upTo, List<Instant> begin) {
        List<Instant> all = new ArrayList<>(decided);
        all.addAll(begin);
        return new ScheduleState(
                schedule,
                created,
                later(cursor, upTo),
                all,
                queued,
                running,
                next,
                recent,
                upstream,
                causes,
                failures,
                error);
    }

    ScheduleState next(@Nullable Instant planned) {
        return new ScheduleState(
                schedule, created, cursor, decided, queued, running, planned, recent, upstream, causes, failures,
                error);
    }

    ScheduleState queued(@Nullable Instant planned) {
        return new ScheduleState(
                schedule, created, cursor, decided, planned, running, next, recent, upstream, causes, failures, error);
    }

    /** The first of those that are decided has begun. */
    ScheduleState begun(Firing firing) {
        return new ScheduleState(
                schedule,
                created,
                cursor,
                decided.subList(1, decided.size()),
                queued,
                firing.execution() == null ? running : firing.execution(),
                next,
                with(firing),
                upstream,
                causesWithout(firing.planned()),
                0,
                firing.skipped());
    }

    /** A firing does not take place. */
    ScheduleState skipped(Firing firing) {
        return new ScheduleState(
                schedule,
                created,
                cursor,
                decided,
                queued,
                running,
                next,
                with(firing),
                upstream,
                causesWithout(firing.planned()),
                failures,
                error);
    }

    private List<Firing> with(Firing firing) {
        List<Firing> all = new ArrayList<>(List.of(firing));
        all.addAll(recent);
        return all;
    }

    /** The first of those that are decided could not begin, and is tried again. */
    ScheduleState failed(String why) {
        return new ScheduleState(
                schedule, created, cursor, decided, queued, running, next, recent, upstream, causes, failures + 1, why);
    }

    /** It is tried again, and goes well so far. */
    ScheduleState recovered() {
        return new ScheduleState(
                schedule, created, cursor, decided, queued, running, next, recent, upstream, causes, 0, null);
    }

    // ---------------------------------------------------------------- as JSON

    JsonObject toJson() {
        return JsonObject.builder()
                .put("id", schedule.id())
                .put("workflow", schedule.workflow())
                .put("trigger", schedule.trigger())
                .put("rule", ScheduleConfig.write(schedule.rule()))
                .put("enabled", schedule.enabled())
                .put("input", schedule.input())
                .put("tags", List.copyOf(schedule.tags()))
                .put("created", created.toString())
                .put("cursor", cursor.toString())
                .put("decided", decided.stream().map(Instant::toString).toList())
                .put("queued", text(queued))
                .put("running", running)
                .put("next", text(next))
                .put("recent", recent.stream().map(ScheduleState::json).toList())
                .put("upstream", upstream == null ? null : upstream.toJson())
                .put("causes", causes)
                .put("failures", failures)
                .put("error", error)
                .build();
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static JsonObject json(Firing firing) {
        return JsonObject.builder()
                .put("planned", firing.planned().toString())
                .put("at", firing.at().toString())
                .put("execution", firing.execution())
                .put("skipped", firing.skipped())
                .build();
    }

    static ScheduleState of(JsonObject json) {
        JsonObject rule = (JsonObject) Objects.requireNonNull(json.get("rule"));
        return new ScheduleState(
                new WorkflowSchedule(
                        String.valueOf(json.get("id")),
                        String.valueOf(json.get("workflow")),
                        (String) json.get("trigger"),
                        rule(rule),
                        Boolean.TRUE.equals(json.get("enabled")),
                        json.get("input"),
                        new TreeSet<>(texts(json.get("tags")))),
                Objects.requireNonNull(instant(json.get("created"))),
                Objects.requireNonNull(instant(json.get("cursor"))),
                texts(json.get("decided")).stream().map(Instant::parse).toList(),
                instant(json.get("queued")),
                (String) json.get("running"),
                instant(json.get("next")),
                firings(json.get("recent")),
                UpstreamState.of(json.get("upstream")),
                json.get("causes") instanceof JsonObject causes ? causes : JsonObject.EMPTY,
                json.get("failures") instanceof Long count ? Math.toIntExact(count) : 0,
                (String) json.get("error"));
    }

    private static ScheduleRule rule(JsonObject json) {
        ScheduleConfig.Reading reading = ScheduleConfig.read(json, null);
        if (reading.rule() == null) {
            throw new IllegalStateException("The rule of a schedule cannot be read any more: " + reading.problems());
        }
        return reading.rule();
    }

    private static @Nullable Instant instant(@Nullable Object value) {
        return value instanceof String text ? Instant.parse(text) : null;
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof JsonArray list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static List<Firing> firings(@Nullable Object value) {
        List<Firing> firings = new ArrayList<>();
        if (value instanceof JsonArray list) {
            for (Object each : list) {
                JsonObject json = (JsonObject) Objects.requireNonNull(each);
                firings.add(new Firing(
                        Objects.requireNonNull(instant(json.get("planned"))),
                        Objects.requireNonNull(instant(json.get("at"))),
                        (String) json.get("execution"),
                        (String) json.get("skipped")));
            }
        }
        return firings;
    }
}
