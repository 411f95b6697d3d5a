package io.automationhub.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was deleted.
 *
 * @param executions the ids of the runs that are gone, with all that belonged to them
 * @param unfinished the ids of the runs that were asked for and are still there, because they have not ended
 * @param rows how many rows of each table are gone, by the table's name without its prefix
 */
public record DeletionReport(List<String> executions, List<String> unfinished, Map<String, Long> rows) {

    static final DeletionReport NOTHING = new DeletionReport(List.of(), List.of(), Map.of());

    public DeletionReport {
        executions = List.copyOf(executions);
        unfinished = List.copyOf(unfinished);
        rows = Map.copyOf(rows);
    }

    DeletionReport and(DeletionReport other) {
        List<String> gone = new ArrayList<>(executions);
        gone.addAll(other.executions);
        List<String> there = new ArrayList<>(unfinished);
        there.addAll(other.unfinished);
        Map<String, Long> sums = new TreeMap<>(rows);
        other.rows.forEach((table, count) -> sums.merge(table, count, Long::sum));
        return new DeletionReport(gone, there, sums);
    }
}
