package io.automationhub.engine.internal.schedule;

import io.automationhub.engine.schedule.Capacity;
import io.automationhub.engine.schedule.FireTimes;
import io.automationhub.engine.schedule.Misfire;
import io.automationhub.engine.schedule.RunOverlap;
import io.automationhub.engine.schedule.ScheduleStatus.Firing;
import io.automationhub.engine.schedule.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which firings of a schedule are to begin now, by its policies for those that were missed and for runs that overlap. For
 * one look at one schedule.
 */
final class Decision {

    private final String tenant;
    private final FireTimes times;
    private final ScheduledRuns runs;
    private final Instant now;

    /** What was planned up to here is due. */
    private final Instant plannedUpTo;

    private final boolean waits;

    /**
     * A decision about what is due.
     *
     * @param late by how much firings are later than planned
     * @param waits whether firings may wait for capacity; if not, nor are they late
     */
    Decision(String tenant, FireTimes times, ScheduledRuns runs, Instant now, Duration late, boolean waits) {
        this.tenant = tenant;
        this.times = times;
        this.runs = runs;
        this.now = now;
        this.waits = waits;
        plannedUpTo = waits ? now.minus(late) : now;
    }

    ScheduleState of(ScheduleState state) {
        if (!state.schedule().enabled()) {
            return state.queued(null).next(null);
        }
        if (state.schedule().rule().timing() instanceof Timing.Interval interval && interval.fromEnd()) {
            return afterEnd(state);
        }
        ScheduleState decided =
                state.schedule().rule().timing() instanceof Timing.After after ? after(state, after) : planned(state);
        Instant queued = decided.queued();
        if (queued != null && decided.decided().isEmpty() && !isBusy(decided)) {
            decided = decided.queued(null).decided(decided.cursor(), List.of(queued));
        }
        return decided.next(times.next(decided.cursor()));
    }

    private boolean isBusy(ScheduleState state) {
        String running = state.running();
        return running != null && runs.isRunning(tenant, running);
    }

    // ---------------------------------------------------------------- what was planned

    private ScheduleState planned(ScheduleState state) {
        Instant first = times.next(state.cursor());
        if (first == null || first.isAfter(plannedUpTo)) {
            return state;
        }
        Misfire misfire = state.schedule().rule().misfire();
        Capacity capacity = state.schedule().rule().capacity();
        Duration late = capacity == null ? Duration.ZERO : capacity.latest();
        if (isHeldBack(capacity, first)) {
            return state;
        }
        Instant early = plannedUpTo.minus(longer(misfire.tolerance(), late));
        Instant inTimeFrom = early.isBefore(state.cursor()) ? state.cursor() : early.minusNanos(1);
        List<Instant> begin = times.last(inTimeFrom, plannedUpTo, Misfire.MOST);
        if (first.isBefore(early) && misfire.most() > 0) {
            int most = misfire.most() == 1 ? 1 : Math.max(misfire.most(), begin.size());
            begin = times.last(state.cursor(), plannedUpTo, most);
        }
        ScheduleState next = begin.contains(first)
                ? state
                : state.skipped(skipped(
                        first,
                        "no process was there when it was due, nor for those behind it up to "
                                + (begin.isEmpty() ? plannedUpTo : begin.get(0))
                                + (begin.isEmpty() ? "" : ", which is made up for")));
        return overlapping(next, begin);
    }

    private boolean isHeldBack(@Nullable Capacity capacity, Instant planned) {
        return capacity != null
                && waits
                && now.isBefore(planned.plus(capacity.latest()))
                && runs.isFull(tenant, capacity);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    // ---------------------------------------------------------------- after other workflows

    private ScheduleState after(ScheduleState state, Timing.After after) {
        UpstreamState before = state.upstream() == null ? UpstreamState.begin(state.created()) : state.upstream();
        UpstreamDecision.Decided decided = UpstreamDecision.of(after.upstream(), before, tenant, runs, now);
        List<Instant> begin =
                decided.firings().keySet().stream().filter(times::isInWindow).toList();
        return overlapping(state.heard(decided.state(), decided.firings()), begin);
    }

    private Firing skipped(Instant planned, String why) {
        return new Firing(planned, now, null, why);
    }

    // ---------------------------------------------------------------- runs that overlap

    private ScheduleState overlapping(ScheduleState state, List<Instant> begin) {
        RunOverlap policy = state.schedule().rule().whileRunning();
        if (begin.isEmpty() || policy == RunOverlap.ALLOW) {
            return state.decided(plannedUpTo, begin);
        }
        Instant last = begin.get(begin.size() - 1);
        if (policy == RunOverlap.CANCEL) {
            return without(state, begin, last, "a later firing takes its place").decided(plannedUpTo, List.of(last));
        }
        boolean busy = isBusy(state);
        List<Instant> now = busy ? List.of() : begin.subList(0, 1);
        List<Instant> rest = begin.subList(now.size(), begin.size());
        if (policy == RunOverlap.SKIP) {
            return without(state, rest, null, "the run before has not ended").decided(plannedUpTo, now);
        }
        if (rest.isEmpty()) {
            return state.decided(plannedUpTo, now);
        }
        ScheduleState queued = without(state, rest, last, "a later firing waits in its place");
        Instant before = state.queued();
        if (before != null) {
            queued = queued.skipped(skipped(before, "a later firing waits in its place"));
        }
        return queued.queued(last).decided(plannedUpTo, now);
    }

    private ScheduleState without(ScheduleState state, List<Instant> planned, @Nullable Instant kept, String why) {
        ScheduleState next = state;
        for (Instant each : planned) {
            next = each.equals(kept) ? next : next.skipped(skipped(each, why));
        }
        return next;
    }

    // ---------------------------------------------------------------- intervals that count from the end

    private ScheduleState afterEnd(ScheduleState state) {
        String running = state.running();
        Instant planned;
        if (running == null) {
            planned = times.next(state.cursor());
        } else {
            Optional<Instant> end = runs.ended(tenant, running);
            if (end.isEmpty() && isBusy(state)) {
                return state.next(null);
            }
            // The last firing may have begun no run, after the end of the run before.
            Instant last = end.filter(state.cursor()::isBefore).orElse(state.cursor());
            planned = times.nextAfterEnd(last);
        }
        return planned == null
                        || planned.isAfter(plannedUpTo)
                        || isHeldBack(state.schedule().rule().capacity(), planned)
                ? state.next(planned)
                : state.decided(planned, List.of(planned)).next(null);
    }
}
