package io.automationhub.engine;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.internal.runtime.Definitions;
import io.automationhub.engine.internal.runtime.EngineRuntime;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.ScheduleTrigger;
import io.automationhub.engine.schedule.WorkflowTrigger;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowDiff;
import io.automationhub.engine.workflow.WorkflowNode;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The drafts and published workflows of one tenant. A draft may be wrong and changes; what is published is valid and never
 * changes, so a run, or a workflow that calls another, can rely on it. Kept in the store if that is durable, else in memory,
 * with the engine. Safe for use by several threads.
 */
public final class WorkflowCatalog {

    private final WorkflowEngine engine;
    private final EngineRuntime runtime;
    private final Definitions definitions;
    private final String tenant;
    private final ScheduleTriggers triggers;

    WorkflowCatalog(WorkflowEngine engine, EngineRuntime runtime, String tenant) {
        this.engine = engine;
        this.runtime = runtime;
        this.tenant = tenant;
        definitions = runtime.definitions();
        triggers = new ScheduleTriggers(runtime, tenant);
    }

    /**
     * What is known of one workflow.
     *
     * @param latest the newest version that is not retired; null if there is none
     * @param draft null if there is none
     * @param enabled whether its triggers begin runs
     */
    public record Entry(
            String id,
            @Nullable WorkflowVersion latest,
            @Nullable Workflow draft,
            boolean enabled) {}

    // ---------------------------------------------------------------- drafts

    /**
     * Keeps a draft in place of the one before. It need not be valid, but it needs an id.
     *
     * @throws EngineException if it has no id
     */
    public void saveDraft(Workflow workflow) {
        if (workflow.id().isBlank()) {
            throw new EngineException("Cannot save a draft without an id; give the workflow a field 'id'");
        }
        definitions.saveDraft(tenant, workflow);
    }

    /** The draft of a workflow. */
    public Optional<Workflow> draft(String id) {
        return definitions.draft(tenant, id);
    }

    /** Forgets a draft. False if there was none. */
    public boolean discardDraft(String id) {
        return definitions.discardDraft(tenant, id);
    }

    // ---------------------------------------------------------------- versions

    /**
     * Publishes a workflow as its next version. If it does the same as the newest one that is not retired, that one is
     * returned and nothing changes. The schedules of its triggers take the place of those before.
     *
     * @throws InvalidWorkflowException if it is not valid; nothing is published
     */
    public WorkflowVersion publish(Workflow workflow) {
        return publish(workflow, null);
    }

    /**
     * Publishes a workflow as a version of that number, from 1 on. Doing so twice with the same workflow is harmless.
     *
     * @throws InvalidWorkflowException if it is not valid; nothing is published
     * @throws io.automationhub.engine.workflow.VersionConflictException if another workflow is published under that version;
     *     it has the difference
     */
    public WorkflowVersion publish(Workflow workflow, int version) {
        if (version < 1) {
            throw new IllegalArgumentException("Versions are counted from 1, found " + version);
        }
        return publish(workflow, Integer.valueOf(version));
    }

    private WorkflowVersion publish(Workflow workflow, @Nullable Integer version) {
        List<Problem> problems = engine.validate(workflow);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new InvalidWorkflowException("Cannot publish workflow '" + workflow.id() + "'", problems);
        }
        boolean brings = !ScheduleTrigger.nodes(workflow).isEmpty();
        return triggers.moved(
                workflow.id(), brings, () -> definitions.publish(tenant, workflow, version, runtime.now()));
    }

    /** The newest version that is not retired. */
    public Optional<WorkflowVersion> latest(String id) {
        return definitions.latest(tenant, id);
    }

    /** A version, also if it is retired. */
    public Optional<WorkflowVersion> version(String id, int number) {
        return definitions.version(tenant, id, number);
    }

    /** All versions of a workflow, the oldest first. */
    public List<WorkflowVersion> versions(String id) {
        return definitions.versions(tenant, id);
    }

    /** In what one version of a workflow differs from another; empty if one of them is not there. */
    public Optional<WorkflowDiff> diff(String id, int before, int after) {
        return version(id, before)
                .flatMap(
                        old -> version(id, after).map(fresh -> WorkflowDiff.between(old.workflow(), fresh.workflow())));
    }

    /**
     * Retires a version: nothing new calls it any more, and runs that go on are not touched. False if it is not there or
     * is retired. The schedules of its triggers are then those of the newest version that is left.
     */
    public boolean retire(String id, int number) {
        return triggers.moved(id, true, () -> definitions.retire(tenant, id, number));
    }

    /**
     * Lets the triggers of a workflow begin runs, or not: its schedules do not fire, its webhooks are not there, and no event starts
     * it. A host that starts it itself, and other workflows that call it, are not kept from doing so. False if it is not published.
     */
    public boolean enable(String id, boolean enabled) {
        return triggers.moved(id, true, () -> definitions.enable(tenant, id, enabled));
    }

    /** The version that the triggers of a workflow run: the newest that is not retired, unless the workflow is disabled. */
    public Optional<WorkflowVersion> active(String id) {
        return definitions.isEnabled(tenant, id) ? latest(id) : Optional.empty();
    }

    /** Forgets a workflow: draft, versions and triggers. Runs that go on are not touched. False if there was nothing. */
    public boolean delete(String id) {
        return triggers.moved(id, true, () -> definitions.delete(tenant, id));
    }

    /**
     * The triggers of a published workflow, with the last of its newest thousand runs that began at each; empty if it is not
     * published.
     */
    public List<WorkflowTrigger> triggers(String id) {
        return latest(id).map(this::triggers).orElse(List.of());
    }

    private List<WorkflowTrigger> triggers(WorkflowVersion latest) {
        List<ExecutionRecord> runs = engine.executions(ExecutionQuery.of(tenant)
                        .workflow(latest.workflow().id())
                        .limit(ExecutionQuery.MOST))
                .items();
        boolean enabled = definitions.isEnabled(tenant, latest.workflow().id());
        return latest.workflow().nodes().stream()
                .filter(node -> NodeTypes.isTrigger(node.type()))
                .map(node -> trigger(latest, node, enabled, runs))
                .toList();
    }

    private WorkflowTrigger trigger(
            WorkflowVersion latest, WorkflowNode node, boolean enabled, List<ExecutionRecord> runs) {
        String workflow = latest.workflow().id();
        Optional<ScheduleStatus> schedule = engine.schedules().ofTrigger(workflow, node.id());
        Optional<ExecutionRecord> last =
                runs.stream().filter(run -> node.id().equals(run.trigger())).findFirst();
        return new WorkflowTrigger(
                workflow,
                latest.number(),
                node.id(),
                node.type(),
                WorkflowTrigger.Kind.of(node),
                enabled
                        && !node.isDisabled()
                        && schedule.map(status -> status.schedule().enabled()).orElse(true),
                schedule.map(ScheduleStatus::next).orElse(null),
                last.map(ExecutionRecord::startedAt).orElse(null),
                last.map(ExecutionRecord::id).orElse(null));
    }

    /**
     * Drafts and published workflows by id.
     *
     * @param after the cursor of the page before; null for the first page
     * @param limit the most entries of the page
     */
    public Page<Entry> list(@Nullable String after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("A page has at least one entry, found a limit of " + limit);
        }
        List<String> ids = definitions.ids(tenant, after, limit == Integer.MAX_VALUE ? limit : limit + 1);
        List<Entry> entries = ids.stream()
                .limit(limit)
                .map(id -> new Entry(
                        id, latest(id).orElse(null), draft(id).orElse(null), definitions.isEnabled(tenant, id)))
                .toList();
        return new Page<>(entries, ids.size() > limit ? ids.get(limit - 1) : null);
    }
}
