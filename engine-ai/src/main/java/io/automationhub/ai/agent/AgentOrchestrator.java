package io.automationhub.ai.agent;

import io.automationhub.ai.memory.AgentConversation;
import io.automationhub.ai.memory.AgentMessage;
import io.automationhub.ai.memory.Conversations;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The agents of one tenant: defines them, asks them, and knows what they were asked, answered and cost. An agent is a published workflow
 * {@code agent.<id>}; its executions are runs of it, durable as any, whoever starts them. Safe for use by several threads.
 */
public final class AgentOrchestrator {

    private static final String AGENTS = "agents";
    private static final String VERSIONS = "agent-versions";
    private static final int MOST_MEASURED = 100_000;

    private final WorkflowEngine engine;
    private final String tenant;
    private final DocumentStore documents;
    private final Conversations conversations;
    private final AgentEvents events;

    /**
     * The agents of a tenant.
     *
     * @param engine of the tenant
     * @param documents where definitions are kept
     */
    public AgentOrchestrator(
            WorkflowEngine engine,
            String tenant,
            DocumentStore documents,
            Conversations conversations,
            AgentEvents events) {
        this.engine = engine.forTenant(tenant);
        this.tenant = tenant;
        this.documents = documents;
        this.conversations = conversations;
        this.events = events;
    }

    // ---------------------------------------------------------------- definitions

    /**
     * Keeps a new agent, and publishes it.
     *
     * @return it with its version
     * @throws EngineException if there is one with that id
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if something in it is not in order: a tool that does not
     *     exist, an unknown parameter in its instructions, a limit that is none; nothing is kept then
     */
    public AIAgent create(AIAgent agent) {
        if (find(agent.id()).isPresent()) {
            throw new EngineException("Cannot create the agent '" + agent.id()
                    + "': there is one with that id; update it, or choose another id");
        }
        return keep(agent.withEnabled(true), DocumentStore.ABSENT);
    }

    /**
     * Keeps an agent in place of the one before, as its next version. Executions that go on are not touched.
     *
     * @return it with its version; the one before, if nothing changes what it does
     * @throws EngineException if there is none with that id, or somebody else has changed it meanwhile
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException as {@link #create}
     */
    public AIAgent update(AIAgent agent) {
        Document seen = seen(agent.id(), "update");
        if (!AIAgent.of(seen.body()).enabled()) {
            throw new EngineException("Cannot update the agent '" + agent.id() + "': it is disabled; enable it first");
        }
        return keep(agent.withEnabled(true), seen.version());
    }

    private AIAgent keep(AIAgent agent, long expected) {
        WorkflowVersion published = engine.workflows().publish(agent.workflow());
        AIAgent kept = agent.withVersion(published.number());
        Document unused = documents.put(AGENTS, tenant, kept.id(), expected, kept.toJson(), Map.of());
        String version = versionId(kept.id(), kept.version());
        long before =
                documents.find(VERSIONS, tenant, version).map(Document::version).orElse(DocumentStore.ABSENT);
        Document also = documents.put(VERSIONS, tenant, version, before, kept.toJson(), Map.of("agent", kept.id()));
        return AIAgent.of(also.body());
    }

    private static String versionId(String id, int version) {
        return id + "/" + version;
    }

    private Document seen(String id, String what) {
        return documents
                .find(AGENTS, tenant, id)
                .orElseThrow(() -> new EngineException(
                        "Cannot " + what + " the agent '" + id + "': there is none with that id; create it first"));
    }

    /** An agent as it is now; empty if there is none. */
    public Optional<AIAgent> find(String id) {
        return documents.find(AGENTS, tenant, id).map(found -> AIAgent.of(found.body()));
    }

    /** An agent as it was; empty if there was no such version. */
    public Optional<AIAgent> version(String id, int number) {
        return documents.find(VERSIONS, tenant, versionId(id, number)).map(found -> AIAgent.of(found.body()));
    }

    /**
     * Agents by id.
     *
     * @param after the cursor of the page before; null for the first page
     * @param limit the most entries of the page, 1 to 1000
     */
    public Page<AIAgent> list(@Nullable String after, int limit) {
        Page<Document> page =
                documents.list(DocumentQuery.of(AGENTS, tenant, limit).after(after));
        return new Page<>(
                page.items().stream().map(each -> AIAgent.of(each.body())).toList(), page.next());
    }

    /**
     * Lets nobody ask an agent any more, neither here nor by workflows. Executions that go on are not touched.
     *
     * @throws EngineException if there is none with that id
     */
    public AIAgent disable(String id) {
        Document seen = seen(id, "disable");
        AIAgent disabled = AIAgent.of(seen.body()).withEnabled(false);
        Document unused = documents.put(AGENTS, tenant, id, seen.version(), disabled.toJson(), Map.of());
        retire(id);
        return disabled;
    }

    /**
     * Lets an agent be asked again, as its next version.
     *
     * @throws EngineException if there is none with that id
     */
    public AIAgent enable(String id) {
        Document seen = seen(id, "enable");
        AIAgent agent = AIAgent.of(seen.body());
        return agent.enabled() ? agent : keep(agent.withEnabled(true), seen.version());
    }

    /** Forgets an agent; what is known of its executions stays. False if there is none with that id. */
    public boolean delete(String id) {
        Optional<Document> seen = documents.find(AGENTS, tenant, id);
        seen.ifPresent(agent -> {
            documents.delete(AGENTS, tenant, id, agent.version());
            retire(id);
        });
        return seen.isPresent();
    }

    private void retire(String id) {
        for (WorkflowVersion version : engine.workflows().versions(AgentWorkflow.id(id))) {
            boolean unused = engine.workflows().retire(version.id(), version.number());
        }
    }

    // ---------------------------------------------------------------- executions

    /**
     * Asks an agent, and waits for its answer.
     *
     * @return what came of it, which may be a failure
     * @throws EngineException if there is no such agent, or it is disabled
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if the parameters do not fit
     */
    public AgentExecution execute(AgentTask task) {
        ExecutionHandle handle = begin(task);
        String id = handle.await().id();
        return execution(id).orElseThrow();
    }

    /**
     * Asks an agent, and does not wait.
     *
     * @return the id of the execution
     * @throws EngineException as {@link #execute}
     */
    public String start(AgentTask task) {
        return begin(task).id();
    }

    private ExecutionHandle begin(AgentTask task) {
        AIAgent agent = find(task.agent())
                .orElseThrow(() -> new EngineException(
                        "Cannot ask the agent '" + task.agent() + "': there is none with that id; create it first"));
        if (!agent.enabled()) {
            throw new EngineException("Cannot ask the agent '" + agent.id() + "': it is disabled; enable it first");
        }
        Workflow workflow = engine.workflows()
                .version(agent.workflowId(), agent.version())
                .map(WorkflowVersion::workflow)
                .orElseGet(agent::workflow);
        ExecutionRequest request = ExecutionRequest.of(workflow).input(task.input());
        return engine.start(task.key() == null ? request : request.key(task.key()));
    }

    /** An execution as it is now; empty if it is unknown, or no execution of an agent. */
    public Optional<AgentExecution> execution(String id) {
        return engine.execution(id)
                .filter(run -> AgentWorkflow.isOne(run.workflow()))
                .map(run -> AgentExecution.of(run, versions(run.workflow()).getOrDefault(run.version(), 0)));
    }

    /**
     * Executions of an agent, the newest first, whoever asked.
     *
     * @param after the cursor of the page before; null for the first page
     * @param limit the most entries of the page, 1 to 1000
     */
    public Page<AgentExecution> executions(String id, @Nullable String after, int limit) {
        return executions(query(id).after(after).limit(limit));
    }

    private ExecutionQuery query(String id) {
        return ExecutionQuery.of(tenant).workflow(AgentWorkflow.id(id));
    }

    private Page<AgentExecution> executions(ExecutionQuery query) {
        Page<ExecutionRecord> page = engine.executions(query);
        if (page.items().isEmpty()) {
            return new Page<>(List.of(), page.next());
        }
        Map<String, Integer> versions = versions(page.items().get(0).workflow());
        return new Page<>(
                page.items().stream()
                        .map(run -> AgentExecution.of(run, versions.getOrDefault(run.version(), 0)))
                        .toList(),
                page.next());
    }

    /** The numbers of a workflow's versions by their hashes. */
    private Map<String, Integer> versions(String workflow) {
        Map<String, Integer> numbers = new HashMap<>();
        engine.workflows().versions(workflow).forEach(version -> numbers.put(version.hash(), version.number()));
        return numbers;
    }

    /** Cancels an execution. False if it does not go on. */
    public boolean cancel(String id) {
        return execution(id).isPresent()
                && engine.handle(id).map(ExecutionHandle::cancel).orElse(false);
    }

    /**
     * Tells what happens in an execution that goes on in this process: what happened so far, and then the rest, the last of all {@link
     * AgentEvent.Ended}. The listener is called by the threads that do the work, one at a time, and must be quick.
     *
     * @return ends that
     * @throws EngineException if the execution is unknown
     */
    public Runnable listen(String id, Consumer<AgentEvent> listener) {
        AgentExecution now = execution(id).orElseThrow(() -> new EngineException("There is no execution '" + id + "'"));
        Runnable end = events.listen(tenant, id, listener);
        Runnable tell = () -> {
            end.run();
            listener.accept(new AgentEvent.Ended(execution(id).orElse(now)));
        };
        engine.handle(id)
                .ifPresentOrElse(
                        handle -> {
                            var unused = handle.completion().whenComplete((run, failure) -> tell.run());
                        },
                        tell);
        return end;
    }

    /**
     * How an agent did.
     *
     * @param since only what began from then on; null for all, at most the {@value #MOST_MEASURED} newest executions
     */
    public AgentPerformance performance(String id, @Nullable Instant since) {
        List<AgentExecution> all = new ArrayList<>();
        String cursor = null;
        do {
            Page<AgentExecution> page =
                    executions(query(id).began(since, null).after(cursor).limit(ExecutionQuery.MOST));
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null && all.size() < MOST_MEASURED);
        return AgentPerformance.of(all);
    }

    // ---------------------------------------------------------------- conversations

    /**
     * Says something to an agent in a conversation, which need not be there yet, and waits for the answer.
     *
     * @throws EngineException as {@link #execute}
     */
    public AgentExecution chat(String agent, String conversation, String message) {
        return execute(AgentTask.of(agent, message).conversation(conversation));
    }

    /** A conversation; empty if nothing was said. */
    public Optional<AgentConversation> conversation(String id) {
        return conversations.find(tenant, id);
    }

    /** Conversations by id; see {@link Conversations#list}. */
    public Page<AgentConversation> conversations(@Nullable String after, int limit) {
        return conversations.list(tenant, after, limit);
    }

    /** What was said in a conversation; see {@link Conversations#messages}. */
    public Page<AgentMessage> messages(String conversation, @Nullable String after, int limit) {
        return conversations.messages(tenant, conversation, after, limit);
    }

    /** Forgets a conversation. False if there was none. */
    public boolean deleteConversation(String id) {
        return conversations.delete(tenant, id);
    }

    /**
     * Forgets the conversations in which nothing was said since a time.
     *
     * @return how many
     */
    public int deleteConversations(Instant before) {
        return conversations.deleteBefore(tenant, before);
    }
}
