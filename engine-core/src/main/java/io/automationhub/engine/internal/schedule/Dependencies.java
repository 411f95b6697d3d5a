package io.automationhub.engine.internal.schedule;

import io.automationhub.engine.schedule.Timing;
import io.automationhub.engine.schedule.WorkflowSchedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which workflows run after which. For one look. */
final class Dependencies {

    private final Map<String, List<String>> upstream = new HashMap<>();

    Dependencies(List<WorkflowSchedule> schedules) {
        schedules.forEach(this::add);
    }

    private void add(WorkflowSchedule schedule) {
        if (schedule.enabled() && schedule.rule().timing() instanceof Timing.After after) {
            upstream.computeIfAbsent(schedule.workflow(), workflow -> new ArrayList<>())
                    .addAll(after.upstream().workflows());
        }
    }

    /** A way from the workflow of a schedule back to it, from the first to run on; empty if there is none. */
    Optional<List<String>> circle(WorkflowSchedule schedule) {
        if (!(schedule.rule().timing() instanceof Timing.After)) {
            return Optional.empty();
        }
        add(schedule);
        List<String> way = new ArrayList<>(List.of(schedule.workflow()));
        return leadsBack(schedule.workflow(), way, new HashSet<>()) ? Optional.of(reversed(way)) : Optional.empty();
    }

    private boolean leadsBack(String to, List<String> way, Set<String> seen) {
        for (String next : upstream.getOrDefault(way.get(way.size() - 1), List.of())) {
            way.add(next);
            if (next.equals(to) || seen.add(next) && leadsBack(to, way, seen)) {
                return true;
            }
            way.remove(way.size() - 1);
        }
        return false;
    }

    private static List<String> reversed(List<String> way) {
        List<String> other = new ArrayList<>(way);
        Collections.reverse(other);
        return other;
    }
}
