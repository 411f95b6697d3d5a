package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.workflow.VersionConflictException;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowDiff;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The drafts and published workflows of all tenants, in memory. Safe for use by several threads. */
public final class Definitions {

    private final Map<String, NavigableMap<String, Entry>> tenants = new HashMap<>();

    /** What is known of one workflow. */
    private static final class Entry {
        @Nullable
        Workflow draft;

        final NavigableMap<Integer, WorkflowVersion> versions = new TreeMap<>();

        Optional<WorkflowVersion> latest() {
            return versions.descendingMap().values().stream()
                    .filter(version -> !version.retired())
                    .findFirst();
        }
    }

    private NavigableMap<String, Entry> of(String tenant) {
        return tenants.computeIfAbsent(tenant, key -> new TreeMap<>());
    }

    private Optional<Entry> entry(String tenant, String id) {
        return Optional.ofNullable(of(tenant).get(id));
    }

    // ---------------------------------------------------------------- drafts

    /** Keeps a draft in place of the one before. */
    public synchronized void saveDraft(String tenant, Workflow workflow) {
        of(tenant).computeIfAbsent(workflow.id(), id -> new Entry()).draft = workflow;
    }

    /** The draft of a workflow. */
    public synchronized Optional<Workflow> draft(String tenant, String id) {
        return entry(tenant, id).map(entry -> entry.draft);
    }

    /** Forgets a draft. False if there was none. */
    public synchronized boolean discardDraft(String tenant, String id) {
        Entry entry = of(tenant).get(id);
        if (entry == null || entry.draft == null) {
            return false;
        }
        entry.draft = null;
        if (entry.versions.isEmpty()) {
            of(tenant).remove(id);
        }
        return true;
    }

    // ---------------------------------------------------------------- versions

    /**
     * Publishes a valid workflow, as the version that is named or as the next one. Publishing what is there already changes
     * nothing: under the same number, or, if none is named, as the newest one that is not retired.
     *
     * @throws VersionConflictException if another workflow has that version
     */
    public synchronized WorkflowVersion publish(
            String tenant, Workflow workflow, @Nullable Integer number, Instant now) {
        Entry entry = of(tenant).computeIfAbsent(workflow.id(), id -> new Entry());
        WorkflowVersion same = number == null
                ? entry.latest()
                        .filter(latest -> latest.hash().equals(workflow.hash()))
                        .orElse(null)
                : entry.versions.get(number);
        if (same != null) {
            if (number != null && !same.hash().equals(workflow.hash())) {
                throw new VersionConflictException(
                        workflow.id(), number, WorkflowDiff.between(same.workflow(), workflow));
            }
            return same;
        }
        int next = number != null ? number : entry.versions.isEmpty() ? 1 : entry.versions.lastKey() + 1;
        WorkflowVersion published = new WorkflowVersion(workflow, next, workflow.hash(), now, false);
        entry.versions.put(next, published);
        return published;
    }

    /** A version, also if it is retired. */
    public synchronized Optional<WorkflowVersion> version(String tenant, String id, int number) {
        return entry(tenant, id).map(entry -> entry.versions.get(number));
    }

    /** The newest version that is not retired. */
    public synchronized Optional<WorkflowVersion> latest(String tenant, String id) {
        return entry(tenant, id).flatMap(Entry::latest);
    }

    /** All versions of a workflow, the oldest first. */
    public synchronized List<WorkflowVersion> versions(String tenant, String id) {
        return entry(tenant, id)
                .map(entry -> List.copyOf(entry.versions.values()))
                .orElse(List.of());
    }

    /** Retires a version. False if it is not there or is retired. */
    public synchronized boolean retire(String tenant, String id, int number) {
        Entry entry = of(tenant).get(id);
        WorkflowVersion known = entry == null ? null : entry.versions.get(number);
        if (entry == null || known == null || known.retired()) {
            return false;
        }
        entry.versions.put(
                number, new WorkflowVersion(known.workflow(), known.number(), known.hash(), known.publishedAt(), true));
        return true;
    }

    /** The ids of a tenant's drafts and published workflows, sorted, behind {@code after}. */
    public synchronized List<String> ids(String tenant, @Nullable String after) {
        NavigableMap<String, Entry> all = of(tenant);
        return List.copyOf((after == null ? all : all.tailMap(after, false)).keySet());
    }

    /**
     * The version that a call gets: the one it names, or the latest.
     *
     * @throws NonRetriableException kind {@code config}, if there is none, or it is retired
     */
    synchronized WorkflowVersion callable(String tenant, String id, @Nullable Integer number) {
        Optional<Entry> entry = entry(tenant, id).filter(known -> !known.versions.isEmpty());
        if (entry.isEmpty()) {
            List<String> known = published(tenant);
            throw refused("There is no published workflow '" + id + "'" + NearestName.hint(id, known) + "; "
                    + (known.isEmpty()
                            ? "none is published; publish it with engine.workflows()"
                            : "published are "
                                    + String.join(", ", known.stream().limit(20).toList())));
        }
        if (number == null) {
            return entry.get()
                    .latest()
                    .orElseThrow(() -> refused("All versions of the workflow '" + id
                            + "' are retired; publish a new one with engine.workflows()"));
        }
        WorkflowVersion version = entry.get().versions.get(number);
        if (version == null || version.retired()) {
            throw refused("The version " + number + " of the workflow '" + id + "' "
                    + (version == null ? "is not published" : "is retired") + "; versions that can be called are "
                    + entry.get().versions.values().stream()
                            .filter(each -> !each.retired())
                            .map(WorkflowVersion::number)
                            .toList());
        }
        return version;
    }

    private List<String> published(String tenant) {
        return of(tenant).entrySet().stream()
                .filter(entry -> !entry.getValue().versions.isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static NonRetriableException refused(String message) {
        return new NonRetriableException(ExecutionError.KIND_CONFIG, message, null);
    }
}
