package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.VersionConflictException;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowDiff;
import io.automationhub.engine.workflow.WorkflowJson;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The drafts and published workflows of all tenants, as documents: a draft is one, a version is one, and of each published
 * workflow one lists its versions, so that publishing is one change of that list. Safe for use by several threads.
 */
public final class Definitions {

    private static final String DRAFTS = "workflow.draft";
    private static final String VERSIONS = "workflow.version";
    private static final String HEADS = "workflow.head";
    private static final String DISABLED = "disabled";
    private static final int PAGE = 500;

    private final DocumentStore documents;

    /** What was read or published, so that the same version is the same object, and is compiled once. */
    private final Map<Key, Workflow> bodies = new ConcurrentHashMap<>();

    private record Key(String tenant, String id, int number, String hash) {}

    /**
     * The list of the versions of one workflow, the oldest first, and which version of the document it is.
     *
     * @param disabled whether its triggers begin nothing
     */
    private record Head(long version, List<Listed> versions, boolean disabled) {

        Optional<Listed> number(int number) {
            return versions.stream().filter(each -> each.number() == number).findFirst();
        }

        Optional<Listed> latest() {
            return versions.stream().filter(each -> !each.retired()).reduce((older, newer) -> newer);
        }
    }

    /** A version without its body. */
    private record Listed(int number, String hash, Instant publishedAt, boolean retired) {

        JsonObject toJson() {
            return JsonObject.builder()
                    .put("number", number)
                    .put("hash", hash)
                    .put("publishedAt", publishedAt.toString())
                    .put("retired", retired)
                    .build();
        }

        static Listed fromJson(JsonObject json) {
            return new Listed(
                    ((Long) json.getOrDefault("number", 0L)).intValue(),
                    String.valueOf(json.get("hash")),
                    Instant.parse(String.valueOf(json.get("publishedAt"))),
                    Boolean.TRUE.equals(json.get("retired")));
        }
    }

    /** Kept where documents are. */
    public Definitions(DocumentStore documents) {
        this.documents = documents;
    }

    // ---------------------------------------------------------------- drafts

    /** Keeps a draft in place of the one before. */
    public void saveDraft(String tenant, Workflow workflow) {
        JsonObject body = file(workflow);
        untilNobodyInterferes(() -> {
            long known = documents
                    .find(DRAFTS, tenant, workflow.id())
                    .map(Document::version)
                    .orElse(DocumentStore.ABSENT);
            return documents.put(DRAFTS, tenant, workflow.id(), known, body, Map.of());
        });
    }

    /** The draft of a workflow. */
    public Optional<Workflow> draft(String tenant, String id) {
        return documents.find(DRAFTS, tenant, id).map(Definitions::workflow);
    }

    /** Forgets a draft. False if there was none. */
    public boolean discardDraft(String tenant, String id) {
        return untilNobodyInterferes(() -> {
            Optional<Document> known = documents.find(DRAFTS, tenant, id);
            known.ifPresent(draft -> documents.delete(DRAFTS, tenant, id, draft.version()));
            return known.isPresent();
        });
    }

    private static JsonObject file(Workflow workflow) {
        return JsonObject.of("file", WorkflowJson.write(workflow));
    }

    private static Workflow workflow(Document document) {
        return WorkflowJson.parse(String.valueOf(document.body().get("file")));
    }

    /** Somebody else who changes the same document at the same time makes this be tried again. */
    private static <T> T untilNobodyInterferes(Supplier<T> change) {
        while (true) {
            try {
                return change.get();
            } catch (DocumentStore.VersionMismatchException e) {
                Thread.onSpinWait();
            }
        }
    }

    // ---------------------------------------------------------------- versions

    private Head head(String tenant, String id) {
        Optional<Document> known = documents.find(HEADS, tenant, id);
        List<Listed> versions = new ArrayList<>();
        if (known.isPresent() && known.get().body().get("versions") instanceof JsonArray all) {
            all.forEach(each -> versions.add(Listed.fromJson((JsonObject) each)));
        }
        return new Head(
                known.map(Document::version).orElse(DocumentStore.ABSENT),
                versions,
                known.filter(head -> Boolean.TRUE.equals(head.body().get(DISABLED)))
                        .isPresent());
    }

    private void save(String tenant, String id, Head before, List<Listed> versions) {
        save(tenant, id, before, versions, before.disabled());
    }

    private void save(String tenant, String id, Head before, List<Listed> versions, boolean disabled) {
        JsonObject body = JsonObject.of(
                "versions", JsonArray.of(versions.stream().map(Listed::toJson).toArray()));
        documents.put(HEADS, tenant, id, before.version(), disabled ? body.with(DISABLED, true) : body, Map.of());
    }

    private WorkflowVersion whole(String tenant, String id, Listed listed) {
        Workflow body = bodies.computeIfAbsent(
                new Key(tenant, id, listed.number(), listed.hash()),
                key -> documents
                        .find(VERSIONS, tenant, bodyId(id, listed.number()))
                        .map(Definitions::workflow)
                        .orElseThrow(() -> new IllegalStateException("The version " + listed.number()
                                + " of the workflow '" + id + "' is listed, but its document was deleted")));
        return new WorkflowVersion(body, listed.number(), listed.hash(), listed.publishedAt(), listed.retired());
    }

    private static String bodyId(String id, int number) {
        return id + "@" + number;
    }

    /**
     * Publishes a valid workflow, as the version that is named or as the next one. Publishing what is there already changes
     * nothing: under the same number, or, if none is named, as the newest one that is not retired.
     *
     * @throws VersionConflictException if another workflow has that version
     */
    public WorkflowVersion publish(String tenant, Workflow workflow, @Nullable Integer number, Instant now) {
        return untilNobodyInterferes(() -> publishOnce(tenant, workflow, number, now));
    }

    private WorkflowVersion publishOnce(String tenant, Workflow workflow, @Nullable Integer number, Instant now) {
        String id = workflow.id();
        Head head = head(tenant, id);
        Listed same = number == null
                ? head.latest()
                        .filter(latest -> latest.hash().equals(workflow.hash()))
                        .orElse(null)
                : head.number(number).orElse(null);
        if (same != null) {
            if (!same.hash().equals(workflow.hash())) {
                throw new VersionConflictException(
                        id,
                        same.number(),
                        WorkflowDiff.between(whole(tenant, id, same).workflow(), workflow));
            }
            return whole(tenant, id, same);
        }
        int newest = head.versions().stream().mapToInt(Listed::number).max().orElse(0);
        Listed published = new Listed(number == null ? newest + 1 : number, workflow.hash(), now, false);
        // The body first: until the list names it, it counts for nothing, and may be what somebody left who died.
        String bodyId = bodyId(id, published.number());
        long left =
                documents.find(VERSIONS, tenant, bodyId).map(Document::version).orElse(DocumentStore.ABSENT);
        documents.put(VERSIONS, tenant, bodyId, left, file(workflow), Map.of());
        List<Listed> versions = new ArrayList<>(head.versions());
        versions.add(published);
        versions.sort(Comparator.comparingInt(Listed::number));
        save(tenant, id, head, versions);
        bodies.put(new Key(tenant, id, published.number(), published.hash()), workflow);
        return whole(tenant, id, published);
    }

    /** A version, also if it is retired. */
    public Optional<WorkflowVersion> version(String tenant, String id, int number) {
        return head(tenant, id).number(number).map(listed -> whole(tenant, id, listed));
    }

    /** The newest version that is not retired. */
    public Optional<WorkflowVersion> latest(String tenant, String id) {
        return head(tenant, id).latest().map(listed -> whole(tenant, id, listed));
    }

    /** All versions of a workflow, the oldest first. */
    public List<WorkflowVersion> versions(String tenant, String id) {
        return head(tenant, id).versions().stream()
                .map(listed -> whole(tenant, id, listed))
                .toList();
    }

    /** Retires a version. False if it is not there or is retired. */
    public boolean retire(String tenant, String id, int number) {
        return untilNobodyInterferes(() -> {
            Head head = head(tenant, id);
            if (head.number(number).filter(listed -> !listed.retired()).isEmpty()) {
                return false;
            }
            List<Listed> versions = head.versions().stream()
                    .map(each -> each.number() == number
                            ? new Listed(each.number(), each.hash(), each.publishedAt(), true)
                            : each)
                    .toList();
            save(tenant, id, head, versions);
            return true;
        });
    }

    /** Whether the triggers of a workflow begin runs; also if it is not published. */
    public boolean isEnabled(String tenant, String id) {
        return !head(tenant, id).disabled();
    }

    /** Lets the triggers of a workflow begin runs, or not. False if it is not published. */
    public boolean enable(String tenant, String id, boolean enabled) {
        return untilNobodyInterferes(() -> {
            Head head = head(tenant, id);
            if (head.versions().isEmpty()) {
                return false;
            }
            if (head.disabled() == enabled) {
                save(tenant, id, head, head.versions(), !enabled);
            }
            return true;
        });
    }

    /** Forgets a workflow: draft and all versions. Runs that go on are not touched. False if there was nothing. */
    public boolean delete(String tenant, String id) {
        boolean draft = discardDraft(tenant, id);
        return untilNobodyInterferes(() -> {
            Head head = head(tenant, id);
            if (head.version() == DocumentStore.ABSENT) {
                return draft;
            }
            // The list first: what it does not name counts for nothing.
            documents.delete(HEADS, tenant, id, head.version());
            head.versions().forEach(each -> deleteBody(tenant, bodyId(id, each.number())));
            return true;
        });
    }

    private void deleteBody(String tenant, String bodyId) {
        documents
                .find(VERSIONS, tenant, bodyId)
                .ifPresent(body -> documents.delete(VERSIONS, tenant, bodyId, body.version()));
    }

    /** The first ids of a tenant's drafts and published workflows, sorted, behind {@code after}. */
    public List<String> ids(String tenant, @Nullable String after, int most) {
        TreeSet<String> ids = new TreeSet<>();
        for (String collection : List.of(DRAFTS, HEADS)) {
            String cursor = after;
            int left = most;
            do {
                Page<Document> page = documents.list(DocumentQuery.of(collection, tenant, Math.min(left, PAGE))
                        .after(cursor));
                page.items().forEach(document -> ids.add(document.id()));
                left -= page.items().size();
                cursor = page.next();
            } while (cursor != null && left > 0);
        }
        return ids.stream().limit(most).toList();
    }

    /**
     * The version that a call gets: the one it names, or the latest.
     *
     * @throws NonRetriableException kind {@code config}, if there is none, or it is retired
     */
    WorkflowVersion callable(String tenant, String id, @Nullable Integer number) {
        Head head = head(tenant, id);
        if (head.versions().isEmpty()) {
            List<String> known = published(tenant);
            throw refused("There is no published workflow '" + id + "'" + NearestName.hint(id, known) + "; "
                    + (known.isEmpty()
                            ? "none is published; publish it with engine.workflows()"
                            : "published are "
                                    + String.join(", ", known.stream().limit(20).toList())));
        }
        if (number == null) {
            return head.latest()
                    .map(listed -> whole(tenant, id, listed))
                    .orElseThrow(() -> refused("All versions of the workflow '" + id
                            + "' are retired; publish a new one with engine.workflows()"));
        }
        Optional<Listed> version = head.number(number);
        if (version.isEmpty() || version.get().retired()) {
            throw refused("The version " + number + " of the workflow '" + id + "' "
                    + (version.isEmpty() ? "is not published" : "is retired") + "; versions that can be called are "
                    + head.versions().stream()
                            .filter(each -> !each.retired())
                            .map(Listed::number)
                            .toList());
        }
        return whole(tenant, id, version.get());
    }

    private List<String> published(String tenant) {
        return documents.list(DocumentQuery.of(HEADS, tenant, PAGE)).items().stream()
                .map(Document::id)
                .toList();
    }

    private static NonRetriableException refused(String message) {
        return new NonRetriableException(ExecutionError.KIND_CONFIG, message, null);
    }
}
