package io.automationhub.engine.internal.schedule;

import io.automationhub.engine.schedule.Upstream;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides which ends of other workflows' runs lead to firings. For one look at one schedule. */
final class UpstreamDecision {

    /** So much later than a run ended a process may come to know of it. */
    private static final Duration LATE = Duration.ofMinutes(2);

    private final Upstream upstream;
    private final Instant now;
    private final Map<String, Completion> open;
    private final Map<Instant, JsonObject> firings = new TreeMap<>();
    private Instant last;

    private UpstreamDecision(Upstream upstream, UpstreamState before, Instant now) {
        this.upstream = upstream;
        this.now = now;
        open = new HashMap<>(before.open());
        last = before.last();
    }

    /**
     * What was decided.
     *
     * @param firings when, and the ends that led to each
     */
    record Decided(UpstreamState state, Map<Instant, JsonObject> firings) {}

    static Decided of(Upstream upstream, UpstreamState before, String tenant, ScheduledRuns runs, Instant now) {
        UpstreamDecision decision = new UpstreamDecision(upstream, before, now);
        Map<String, Instant> seen = new HashMap<>(before.seen());
        for (Completion each : decision.fresh(before, tenant, runs)) {
            seen.put(each.execution(), each.at());
            decision.heard(each);
        }
        Instant since = now.minus(LATE).isAfter(before.since()) ? now.minus(LATE) : before.since();
        seen.values().removeIf(at -> at.isBefore(since));
        return new Decided(new UpstreamState(since, seen, decision.last, decision.open), decision.firings);
    }

    private List<Completion> fresh(UpstreamState before, String tenant, ScheduledRuns runs) {
        List<Completion> fresh = new ArrayList<>();
        for (String workflow : upstream.workflows()) {
            for (Completion each : runs.completed(tenant, workflow, before.since())) {
                boolean counts = each.succeeded() || !upstream.onlySuccess();
                if (counts && !before.seen().containsKey(each.execution())) {
                    fresh.add(each);
                }
            }
        }
        fresh.sort(Comparator.comparing(Completion::at).thenComparing(Completion::execution));
        return fresh;
    }

    private void heard(Completion completion) {
        if (!isFresh(completion, now)) {
            return;
        }
        open.put(completion.workflow(), completion);
        open.values().removeIf(each -> !isFresh(each, completion.at()));
        if (!upstream.all() || open.size() == upstream.workflows().size()) {
            last = completion.at().isAfter(last) ? completion.at() : last.plusNanos(1000);
            firings.put(
                    last,
                    JsonObject.of(
                            "after",
                            open.values().stream()
                                    .sorted(Comparator.comparing(Completion::at).thenComparing(Completion::workflow))
                                    .map(UpstreamState::json)
                                    .toList()));
            open.clear();
        }
    }

    private boolean isFresh(Completion completion, Instant at) {
        return upstream.within() == null
                || !completion.at().plus(upstream.within()).isBefore(at);
    }
}
