package io.automationhub.store.jdbc;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one commit changes, as rows.
 *
 * @param run the number of the run
 * @param pos where the row stands in its journal
 * @param body null if there is no row for the journal
 * @param fresh null if the run is there already
 * @param standing null if the row of the run does not change
 * @param hold with which the process has the run; null if it does not
 */
record Part(
        long run,
        int pos,
        @Nullable String body,
        @Nullable Fresh fresh,
        @Nullable Standing standing,
        List<Letter> letters,
        List<String> heard,
        List<OpenedWait> opened,
        List<String> closed,
        List<LargeRow> large,
        JdbcMember.@Nullable Hold hold) {

    /**
     * A run that begins.
     *
     * @param line where it waits; null if its workflow has no limit
     * @param tags what it is found by
     */
    record Fresh(
            String tenant,
            String id,
            String workflow,
            long definition,
            @Nullable String startDigest,
            int status,
            int prio,
            @Nullable Long due,
            boolean owned,
            long started,
            @Nullable Long ended,
            LimitRows.@Nullable InLine line,
            List<String> tags) {}

    /**
     * How the row of a run changes.
     *
     * @param status null if it stays
     * @param release whether the process lets go of it
     * @param due if it does, when it goes on
     * @param ended null if it has not
     * @param leavesLine whether it was one of the runs that its workflow limits
     * @param progress whether it came further, so that crashes before do not count any more
     */
    record Standing(
            @Nullable Integer status,
            boolean release,
            @Nullable Long due,
            @Nullable Long ended,
            boolean leavesLine,
            boolean progress) {}

    /** A message to a run. */
    record Letter(String tenant, String to, String digest, String id, String body) {}

    /** A wait that others must know of. */
    record OpenedWait(String digest, @Nullable String place, String tenant, long since, boolean request, String body) {}

    /** A value that is too large for the journal. */
    record LargeRow(String digest, String body) {}

    /** Whether it changes nothing. */
    boolean isEmpty() {
        return body == null
                && fresh == null
                && standing == null
                && letters.isEmpty()
                && heard.isEmpty()
                && opened.isEmpty()
                && closed.isEmpty();
    }
}
