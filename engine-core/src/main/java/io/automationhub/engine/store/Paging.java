package io.automationhub.engine.store;

import io.automationhub.engine.event.Micros;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keyset paging over records in memory: a cursor is the key of the last entry that was seen. */
public final class Paging {

    private static final Comparator<ExecutionRecord> NEWEST_FIRST = Comparator.comparing(ExecutionRecord::startedAt)
            .thenComparing(ExecutionRecord::id)
            .reversed();

    private Paging() {}

    /** The page of the matching runs that {@code query} asks for. */
    public static Page<ExecutionRecord> executions(Stream<ExecutionRecord> runs, ExecutionQuery query) {
        Cursor after = query.after() == null ? null : cursor(query.after());
        List<ExecutionRecord> found = runs.filter(query::matches)
                .filter(run -> after == null || after.isBefore(run))
                .sorted(NEWEST_FIRST)
                .limit(query.limit() + 1L)
                .toList();
        if (found.size() <= query.limit()) {
            return new Page<>(found, null);
        }
        return new Page<>(
                found.subList(0, query.limit()),
                last(found.get(query.limit() - 1)).text());
    }

    /** The page of {@code all} that begins at a position. */
    public static <T> Page<T> positions(List<T> all, @Nullable String after, int limit) {
        int from = after == null ? 0 : position(after);
        int to = (int) Math.min(all.size(), (long) from + Math.max(1, limit));
        return from >= all.size()
                ? new Page<>(List.of(), null)
                : new Page<>(all.subList(from, to), to == all.size() ? null : Integer.toString(to));
    }

    private static int position(String cursor) {
        try {
            return Math.max(0, Integer.parseInt(cursor));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + cursor + "' is no cursor of this list; use what the page before returned as next", e);
        }
    }

    private static Cursor last(ExecutionRecord run) {
        return new Cursor(Micros.of(run.startedAt()), run.id());
    }

    /** Where a page of runs ended: the start of its last run, in microseconds since 1970, and its id. */
    public record Cursor(long micros, String id) {

        /** The cursor as callers get it. */
        public String text() {
            return micros + "." + id;
        }

        private boolean isBefore(ExecutionRecord run) {
            long other = Micros.of(run.startedAt());
            return other < micros || other == micros && run.id().compareTo(id) < 0;
        }
    }

    /**
     * Reads a cursor of a list of runs.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Cursor cursor(String text) {
        int dot = text.indexOf('.');
        try {
            return new Cursor(Long.parseLong(text.substring(0, Math.max(0, dot))), text.substring(dot + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no cursor of this list; use what the page before returned as next", e);
        }
    }
}
