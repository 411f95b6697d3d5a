package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.store.LimitClaim;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Limit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Limits that hold across all processes of a store: what this process wants and gives back is collected here, and the
 * membership's loop takes it to the store, which grants places and lets queued runs begin.
 */
final class StoredLimits implements AttemptLimits {

    private final EngineRuntime runtime;
    private final Runnable hint;

    /** Runs whose attempt waits for a place. A run has one at a time. */
    private final Map<Execution, LimitClaim> waiting = new HashMap<>();

    private final Map<Long, Execution> byTicket = new HashMap<>();

    /** What attempts of runs have. */
    private final Map<Execution, Deque<LimitClaim>> held = new HashMap<>();

    private final Map<Long, LimitClaim> asked = new LinkedHashMap<>();
    private final Map<Long, LimitClaim> givenBack = new LinkedHashMap<>();
    private final Set<StoreMember.Line> lines = new HashSet<>();

    /** @param hint is run when there is something for the store */
    StoredLimits(EngineRuntime runtime, Runnable hint) {
        this.runtime = runtime;
        this.hint = hint;
    }

    // ---------------------------------------------------------------- attempts

    @Override
    public synchronized boolean take(Execution execution) {
        if (!waiting.containsKey(execution)) {
            LimitClaim claim = new LimitClaim(
                    execution.storedOrThrow().member().nextNumber(),
                    execution.tenant(),
                    execution.workflow().settings().limits(),
                    execution.start().priority(),
                    runtime.now());
            waiting.put(execution, claim);
            byTicket.put(claim.ticket(), execution);
            asked.put(claim.ticket(), claim);
            hint.run();
        }
        return false;
    }

    @Override
    public synchronized void giveBack(Execution execution, int places) {
        Deque<LimitClaim> has = held.getOrDefault(execution, new ArrayDeque<>());
        for (int i = 0; i < places && !has.isEmpty(); i++) {
            giveBack(has.pop());
        }
        if (has.isEmpty()) {
            held.remove(execution);
        }
    }

    private void giveBack(LimitClaim claim) {
        byTicket.remove(claim.ticket());
        givenBack.put(claim.ticket(), claim);
        hint.run();
    }

    @Override
    public synchronized void withdraw(Execution execution) {
        LimitClaim claim = waiting.remove(execution);
        if (claim != null) {
            giveBack(claim);
        }
        if (execution.isMoved()) {
            giveBack(execution, Integer.MAX_VALUE);
        }
    }

    @Override
    public Map<String, Limit> waitsFor(Execution execution) {
        LimitClaim claim = claim(execution);
        if (claim == null) {
            return Map.of();
        }
        Map<String, Limit> full = new TreeMap<>(claim.limits());
        full.keySet().retainAll(execution.storedOrThrow().member().full(claim));
        // Others may have made room this moment, or are before it in line.
        return full.isEmpty() ? new TreeMap<>(claim.limits()) : full;
    }

    @Override
    public boolean isFull(String tenant, String name, int places) {
        Membership sharing = Objects.requireNonNull(runtime.membership());
        LimitClaim claim = new LimitClaim(0, tenant, Map.of(name, new Limit(places, null)), 0, runtime.now());
        return sharing.member().full(claim).contains(name);
    }

    private synchronized @Nullable LimitClaim claim(Execution execution) {
        return waiting.get(execution);
    }

    // ---------------------------------------------------------------- lines of workflows

    /** A run of a workflow with a limit has come or ended. */
    synchronized void changed(Execution execution) {
        lines.add(new StoreMember.Line(execution.tenant(), execution.workflowId()));
        hint.run();
    }

    // ---------------------------------------------------------------- for the loop

    /** Whether somebody waits here for a place that the store may grant at any time. */
    synchronized boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Takes what was collected to the store, and what it grants to the runs. True if there was something. */
    boolean exchange(StoreMember member) {
        List<LimitClaim> wanted;
        List<LimitClaim> back;
        List<StoreMember.Line> changed;
        synchronized (this) {
            if (waiting.isEmpty() && givenBack.isEmpty() && lines.isEmpty()) {
                return false;
            }
            wanted = List.copyOf(asked.values());
            back = List.copyOf(givenBack.values());
            changed = List.copyOf(lines);
            lines.clear();
        }
        Set<Long> granted;
        try {
            granted = member.limits(wanted, back, changed);
        } catch (RuntimeException e) {
            again(changed);
            throw e;
        }
        List<Execution> lucky;
        synchronized (this) {
            wanted.forEach(claim -> asked.remove(claim.ticket()));
            back.forEach(claim -> givenBack.remove(claim.ticket()));
            lucky = granted(granted);
        }
        lucky.forEach(execution -> execution.post(new Event.PlaceFree()));
        return !lucky.isEmpty() || !wanted.isEmpty() || !back.isEmpty() || !changed.isEmpty();
    }

    private synchronized void again(List<StoreMember.Line> changed) {
        lines.addAll(changed);
    }

    private List<Execution> granted(Collection<Long> tickets) {
        List<Execution> lucky = new ArrayList<>();
        for (long ticket : tickets) {
            Execution execution = byTicket.get(ticket);
            LimitClaim claim = execution == null ? null : waiting.get(execution);
            if (claim != null && claim.ticket() == ticket) {
                waiting.remove(execution);
                held.computeIfAbsent(execution, run -> new ArrayDeque<>()).push(claim);
                lucky.add(execution);
            }
        }
        return lucky;
    }
}
