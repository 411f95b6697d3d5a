package io.automationhub.connectors.connection;

import io.automationhub.engine.value.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the requests of a connection began, or may begin, as far as they still count. Those that are close together are kept as
 * one group with the time of the last, so that there are few: never more requests begin than the rate allows, and at most a
 * fiftieth of its time later than it would. Immutable.
 */
final class BegunRequests {

    private static final int GROUPS = 50;

    private final RequestRate rate;
    private final List<Group> groups;

    /** @param last when the last of them began, in milliseconds since 1970 */
    private record Group(long last, long count) {}

    private BegunRequests(RequestRate rate, List<Group> groups) {
        this.rate = rate;
        this.groups = groups;
    }

    static BegunRequests of(@Nullable Object json, RequestRate rate) {
        List<Group> groups = new ArrayList<>();
        JsonArray numbers = json instanceof JsonArray list ? list : JsonArray.EMPTY;
        for (int i = 0; i + 1 < numbers.size(); i += 2) {
            if (numbers.get(i) instanceof Long last && numbers.get(i + 1) instanceof Long count) {
                groups.add(new Group(last, count));
            }
        }
        return new BegunRequests(rate, groups);
    }

    /** When the next may begin: not before others that came first. */
    long next(long now) {
        long at = groups.isEmpty()
                ? now
                : Math.max(now, groups.get(groups.size() - 1).last());
        long counting = 0;
        for (Group group : groups) {
            counting += group.last() + per() > at ? group.count() : 0;
        }
        for (int i = 0; i < groups.size() && counting >= rate.requests(); i++) {
            Group oldest = groups.get(i);
            if (oldest.last() + per() > at) {
                at = oldest.last() + per();
                counting -= oldest.count();
            }
        }
        return at;
    }

    /** These and one more, without those that count no longer then. */
    BegunRequests with(long at) {
        List<Group> after = new ArrayList<>();
        for (Group group : groups) {
            if (group.last() + per() > at) {
                after.add(group);
            }
        }
        Group last = after.isEmpty() ? null : after.get(after.size() - 1);
        if (last != null && last.last() / step() == at / step()) {
            after.set(after.size() - 1, new Group(at, last.count() + 1));
        } else {
            after.add(new Group(at, 1));
        }
        return new BegunRequests(rate, after);
    }

    JsonArray json() {
        List<Object> numbers = new ArrayList<>();
        for (Group group : groups) {
            numbers.add(group.last());
            numbers.add(group.count());
        }
        return JsonArray.of(numbers.toArray());
    }

    private long per() {
        return rate.per().toMillis();
    }

    private long step() {
        return Math.max(1, per() / GROUPS);
    }
}
