package io.automationhub.store.jdbc;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.FactJson;
import io.automationhub.engine.store.LargeValues;
import io.automationhub.engine.store.MessageJson;
import io.automationhub.engine.store.OpenWait;
import io.automationhub.engine.store.Payloads;
import io.automationhub.engine.store.RunCommit;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Translates commits to rows. Safe for use by several threads. */
final class Commits {

    private final Payloads payloads;
    private final int largeBytes;

    /** @param largeBytes values with so many bytes of JSON stand in rows of their own */
    Commits(Payloads payloads, int largeBytes) {
        this.payloads = payloads;
        this.largeBytes = largeBytes;
    }

    /**
     * The rows of a commit.
     *
     * @param definition the number of the workflow's body
     * @param crashed whether processes died that had the run, and it has not come further since
     * @param hold with which the process has it; null if it does not
     */
    Part part(RunCommit commit, long definition, boolean crashed, JdbcMember.@Nullable Hold hold) {
        List<Part.LargeRow> large = new ArrayList<>();
        FactJson json = new FactJson(Micros.of(commit.startedAt()), new Collecting(large));
        ExecutionFact.RunEnded end = ExecutionFact.RunEnded.of(commit.facts());
        return new Part(
                commit.number(),
                commit.position(),
                body(commit, json, end != null),
                commit.isFirst() ? fresh(commit, definition, end) : null,
                commit.isFirst() ? null : standing(commit, end, crashed),
                letters(commit),
                commit.heard().stream().map(Digest::of).toList(),
                opened(commit),
                commit.closed().stream()
                        .map(wait -> digest(wait.node(), wait.iteration(), wait.name(), wait.key()))
                        .toList(),
                large,
                hold);
    }

    private final class Collecting implements LargeValues {

        private final List<Part.LargeRow> rows;

        Collecting(List<Part.LargeRow> rows) {
            this.rows = rows;
        }

        @Override
        public @Nullable String put(Object value) {
            if (Json.encodedSize(value) < largeBytes) {
                return null;
            }
            String digest = Digest.of(Json.write(value));
            if (rows.stream().noneMatch(row -> row.digest().equals(digest))) {
                rows.add(new Part.LargeRow(digest, payloads.write(value)));
            }
            return digest;
        }

        @Override
        public @Nullable Object get(String reference) {
            throw new IllegalStateException("Values are only written here");
        }
    }

    /** An array of facts; an object where there is more to say. */
    private @Nullable String body(RunCommit commit, FactJson json, boolean ends) {
        if (commit.facts().isEmpty() && commit.logs().isEmpty()) {
            return null;
        }
        JsonArray facts = JsonArray.of(commit.facts().stream().map(json::write).toArray());
        if (commit.logs().isEmpty() && (!ends || commit.variables().isEmpty())) {
            return payloads.write(facts);
        }
        JsonObject.Builder all = JsonObject.builder().put("facts", facts);
        if (!commit.logs().isEmpty()) {
            all.put(
                    "logs",
                    JsonArray.of(commit.logs().stream().map(Commits::log).toArray()));
        }
        if (ends && !commit.variables().isEmpty()) {
            all.put("variables", commit.variables());
        }
        return payloads.write(all.build());
    }

    private static JsonObject log(WorkflowLog line) {
        return JsonObject.builder()
                .put("at", Micros.of(line.at()))
                .put("level", line.level().name().toLowerCase(Locale.ROOT))
                .put("node", line.node())
                .put("message", line.message())
                .build();
    }

    private static Part.Fresh fresh(RunCommit commit, long definition, ExecutionFact.@Nullable RunEnded end) {
        ExecutionFact.RunStarted started =
                (ExecutionFact.RunStarted) commit.facts().get(0);
        RunCommit.Release release = commit.release();
        Keys.check("tenant", commit.tenant());
        Keys.check("id of an execution", commit.id());
        Keys.check("id of a workflow", commit.workflow().id());
        return new Part.Fresh(
                commit.tenant(),
                commit.id(),
                commit.workflow().id(),
                definition,
                started.key() == null
                        ? null
                        : startDigest(commit.tenant(), commit.workflow().id(), started.key()),
                code(commit.status() == null ? ExecutionStatus.RUNNING : commit.status()),
                -started.priority(),
                release == null || release.due() == null ? null : (Long) Micros.of(release.due()),
                release == null && end == null,
                Micros.of(started.at()),
                end == null ? null : (Long) Micros.of(end.at()),
                started.queued() && end == null ? inLine(commit) : null,
                started.tags());
    }

    private static LimitRows.InLine inLine(RunCommit commit) {
        StoreMember.Line line =
                new StoreMember.Line(commit.tenant(), commit.workflow().id());
        return new LimitRows.InLine(
                LimitRows.place(line), commit.workflow().settings().limit());
    }

    /** What tells starts with a key apart. */
    static String startDigest(String tenant, String workflow, String key) {
        return Digest.of(tenant, workflow, key);
    }

    private static Part.@Nullable Standing standing(
            RunCommit commit, ExecutionFact.@Nullable RunEnded end, boolean crashed) {
        RunCommit.Release release = commit.release();
        boolean progress = crashed && hasProgress(commit);
        if (commit.status() == null && release == null && end == null && !progress) {
            return null;
        }
        return new Part.Standing(
                commit.status() == null ? null : (Integer) code(commit.status()),
                release != null,
                release == null || release.due() == null ? null : (Long) Micros.of(release.due()),
                end == null ? null : (Long) Micros.of(end.at()),
                end != null && commit.workflow().settings().limit() > 0,
                progress);
    }

    /** Whether the run has come further than where its process died. */
    static boolean hasProgress(RunCommit commit) {
        return commit.release() != null
                || commit.facts().stream().anyMatch(fact -> fact instanceof ExecutionFact.NodeEnded);
    }

    /** The number that stands for a status; never changed, because it is stored. */
    static int code(ExecutionStatus status) {
        return switch (status) {
            case QUEUED -> 0;
            case RUNNING -> 1;
            case PAUSED -> 2;
            case COMPENSATING -> 3;
            case SUCCEEDED -> 4;
            case FAILED -> 5;
            case CANCELLED -> 6;
        };
    }

    /** The status that a number stands for. */
    static ExecutionStatus status(int code) {
        for (ExecutionStatus status : ExecutionStatus.values()) {
            if (code(status) == code) {
                return status;
            }
        }
        throw new IllegalArgumentException("A stored run has the status " + code
                + ", which this engine does not know; a newer one wrote it, so upgrade this one");
    }

    private List<Part.Letter> letters(RunCommit commit) {
        List<Part.Letter> letters = new ArrayList<>();
        for (RunCommit.Addressed message : commit.messages()) {
            letters.add(letter(commit.tenant(), message));
        }
        return letters;
    }

    /** A message as a row. */
    Part.Letter letter(String tenant, RunCommit.Addressed message) {
        return new Part.Letter(
                tenant,
                message.to(),
                Digest.of(message.id()),
                message.id(),
                payloads.write(MessageJson.write(message.message())));
    }

    private List<Part.OpenedWait> opened(RunCommit commit) {
        List<Part.OpenedWait> rows = new ArrayList<>();
        for (OpenWait wait : commit.opened()) {
            String key = wait.key();
            rows.add(new Part.OpenedWait(
                    digest(wait.node(), wait.iteration(), wait.name(), key),
                    key == null ? null : place(commit.tenant(), wait.name(), key),
                    commit.tenant(),
                    Micros.of(wait.since()),
                    wait.asked() != null,
                    payloads.write(JsonObject.builder()
                            .put("node", wait.node())
                            .put("iteration", wait.iteration())
                            .put("name", wait.name())
                            .putIfPresent("key", key)
                            .putIfPresent("asked", wait.asked())
                            .build())));
        }
        return rows;
    }

    private static String digest(String node, String iteration, String name, @Nullable String key) {
        return key == null ? Digest.of(node, iteration, name) : Digest.of(node, iteration, name, key);
    }

    /** Where a signal with a key and the node that waits for it meet. */
    static String place(String tenant, String name, String key) {
        return Digest.of(tenant, name, key);
    }
}
