package io.automationhub.engine.internal.runtime;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runs that have not ended, as a linked list through the runs themselves: adding one allocates nothing. */
final class LiveExecutions {

    private @Nullable Execution newest;

    synchronized void add(Execution execution) {
        Execution next = newest;
        execution.nextLive = next;
        if (next != null) {
            next.previousLive = execution;
        }
        newest = execution;
    }

    synchronized void remove(Execution execution) {
        Execution before = execution.previousLive;
        Execution after = execution.nextLive;
        if (before != null) {
            before.nextLive = after;
        } else if (newest == execution) {
            newest = after;
        }
        if (after != null) {
            after.previousLive = before;
        }
        execution.previousLive = null;
        execution.nextLive = null;
    }

    synchronized List<Execution> all() {
        List<Execution> all = new ArrayList<>();
        for (Execution execution = newest; execution != null; execution = execution.nextLive) {
            all.add(execution);
        }
        return all;
    }

    List<Execution> of(String tenant) {
        return all().stream()
                .filter(execution -> execution.tenant().equals(tenant))
                .toList();
    }

    boolean anyBusy() {
        return all().stream().anyMatch(execution -> !execution.isIdle());
    }
}
