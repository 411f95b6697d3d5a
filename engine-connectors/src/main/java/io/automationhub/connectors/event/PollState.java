package io.automationhub.connectors.event;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a trigger has read, as it is kept.
 *
 * @param nextAt when it is to be asked again
 * @param leasedUntil until when a process asks; null if none does
 * @param begun whether it was asked before
 * @param since what the last item said, for the next time; null if it says nothing
 * @param seen the events of the last list that have started a run, or need none
 * @param failures how many times in a row it could not be asked
 * @param error why not, or why an event that it gave starts no run; null if all is well
 */
record PollState(
        Instant nextAt,
        @Nullable Instant leasedUntil,
        boolean begun,
        @Nullable String since,
        Set<String> seen,
        long failures,
        @Nullable String error) {

    static final PollState NEW = new PollState(Instant.EPOCH, null, false, null, Set.of(), 0, null);

    static PollState of(JsonObject json) {
        Set<String> seen = new LinkedHashSet<>();
        if (json.get("seen") instanceof JsonArray list) {
            list.forEach(id -> seen.add(Json.toText(id)));
        }
        return new PollState(
                instant(json.get("nextAt"), Instant.EPOCH),
                json.get("leasedUntil") == null ? null : instant(json.get("leasedUntil"), Instant.EPOCH),
                Boolean.TRUE.equals(json.get("begun")),
                (String) json.get("since"),
                seen,
                json.get("failures") instanceof Long count ? count : 0,
                (String) json.get("error"));
    }

    private static Instant instant(@Nullable Object millis, Instant otherwise) {
        return millis instanceof Long number ? Instant.ofEpochMilli(number) : otherwise;
    }

    JsonObject json() {
        return JsonObject.builder()
                .put("nextAt", nextAt.toEpochMilli())
                .put("leasedUntil", leasedUntil == null ? null : leasedUntil.toEpochMilli())
                .put("begun", begun)
                .put("since", since)
                .put("seen", seen)
                .put("failures", failures)
                .put("error", error)
                .build();
    }

    boolean isDue(Instant now) {
        return !nextAt.isAfter(now) && (leasedUntil == null || !leasedUntil.isAfter(now));
    }

    PollState leased(Instant until) {
        return new PollState(nextAt, until, begun, since, seen, failures, error);
    }

    /** To be asked then, with nothing else changed. */
    PollState later(Instant next) {
        return new PollState(next, null, begun, since, seen, failures, error);
    }

    /**
     * After a list was read.
     *
     * @param refused why an event of it starts no run; null if all that should do
     */
    PollState read(Instant next, @Nullable String newSince, Set<String> now, @Nullable String refused) {
        return new PollState(next, null, true, newSince == null ? since : newSince, now, 0, refused);
    }

    PollState failed(Instant next, String why) {
        return new PollState(next, null, begun, since, seen, failures + 1, why);
    }
}
