package io.automationhub.connectors.event;

import io.automationhub.connectors.connection.Digests;
import io.automationhub.connectors.connector.ListedEvents;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowCatalog;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.EngineOverloadedException;
import io.automationhub.engine.error.IdempotencyConflictException;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks connectors' systems from time to time what happened, and starts published workflows whose trigger waits for it. Each event
 * starts a run at least once; one that is seen again starts none, as long as it is listed or the history knows its run. How far
 * was read is kept after the runs were started, so that a crash between the two repeats and loses nothing. Of several processes
 * one asks. Safe for use by several threads.
 */
public final class EventPolls {

    private static final Logger LOG = LoggerFactory.getLogger(EventPolls.class);

    private static final String COLLECTION = "event-polls";
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final int PAGE = 100;
    private static final int MOST_DOUBLINGS = 10;

    private final WorkflowEngine engine;
    private final DocumentStore documents;
    private final Supplier<Instant> now;

    /**
     * The polls of an engine.
     *
     * @param documents in which it is kept how far each trigger has read
     * @param now the time on the engine's clock
     */
    public EventPolls(WorkflowEngine engine, DocumentStore documents, Supplier<Instant> now) {
        this.engine = engine;
        this.documents = documents;
        this.now = now;
    }

    /**
     * How a trigger fares.
     *
     * @param nextAt when it is to be asked again
     * @param failures how many times in a row it could not be asked
     * @param error why not, or why an event that it gave starts no run; null if all is well
     */
    public record Status(
            Instant nextAt, long failures, @Nullable String error) {}

    /** How a trigger of a workflow fares; empty if it was not asked yet. */
    public Optional<Status> status(String tenant, String workflow, String trigger) {
        return documents
                .find(COLLECTION, tenant, key(workflow, trigger))
                .map(found -> PollState.of(found.body()))
                .map(state -> new Status(state.nextAt(), state.failures(), state.error()));
    }

    /**
     * Asks for what is due of a tenant's published workflows, one after the other. A host calls it every few seconds, in as many
     * processes as it likes; what fails is logged, and asked again later.
     *
     * @return how many runs were started
     */
    public int pollDue(String tenant) {
        WorkflowEngine own = engine.forTenant(tenant);
        int started = 0;
        String after = null;
        do {
            Page<WorkflowCatalog.Entry> page = own.workflows().list(after, PAGE);
            for (WorkflowCatalog.Entry entry : page.items()) {
                if (entry.latest() != null && entry.enabled()) {
                    started += pollDue(own, tenant, entry.latest().workflow());
                }
            }
            after = page.next();
        } while (after != null);
        return started;
    }

    private int pollDue(WorkflowEngine own, String tenant, Workflow workflow) {
        int started = 0;
        for (WorkflowNode node : workflow.nodes()) {
            if (!node.isDisabled()
                    && own.nodeTypes().find(node.type()).orElse(null) instanceof ListedEventTrigger trigger) {
                started += new Poll(own, tenant, workflow, node, trigger).ask();
            }
        }
        return started;
    }

    private static String key(String workflow, String trigger) {
        return Digests.sha256(workflow + "\n" + trigger);
    }

    /** One trigger, asked once. */
    private final class Poll {

        private final WorkflowEngine own;
        private final String tenant;
        private final Workflow workflow;
        private final WorkflowNode node;
        private final ListedEventTrigger trigger;
        private final ListedEvents source;
        private int started;

        Poll(WorkflowEngine own, String tenant, Workflow workflow, WorkflowNode node, ListedEventTrigger trigger) {
            this.own = own;
            this.tenant = tenant;
            this.workflow = workflow;
            this.node = node;
            this.trigger = trigger;
            source = trigger.source();
        }

        int ask() {
            Document seen = documents
                    .find(COLLECTION, tenant, key(workflow.id(), node.id()))
                    .orElse(null);
            PollState state = seen == null ? PollState.NEW : PollState.of(seen.body());
            Instant begin = now.get();
            if (!state.isDue(begin)) {
                return 0;
            }
            Optional<Document> mine =
                    put(seen == null ? DocumentStore.ABSENT : seen.version(), state.leased(begin.plus(LEASE)));
            if (mine.isPresent()) {
                Optional<Document> unused = put(mine.get().version(), asked(state, begin));
            }
            return started;
        }

        /** Empty if another process was faster. */
        private Optional<Document> put(long expected, PollState state) {
            try {
                return Optional.of(documents.put(
                        COLLECTION, tenant, key(workflow.id(), node.id()), expected, state.json(), Map.of()));
            } catch (VersionMismatchException e) {
                return Optional.empty();
            }
        }

        private PollState asked(PollState state, Instant begin) {
            try {
                return read(state, begin);
            } catch (RetriableException e) {
                return failed(state, begin, e, e.retryAfter().orElse(Duration.ZERO));
            } catch (RuntimeException e) {
                return failed(state, begin, e, Duration.ZERO);
            }
        }

        private PollState failed(PollState state, Instant begin, RuntimeException cause, Duration asked) {
            long doublings = Math.min(state.failures(), MOST_DOUBLINGS);
            Duration pause = every().multipliedBy(1L << doublings);
            pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
            pause = pause.compareTo(asked) < 0 ? asked : pause;
            String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            LOG.warn(
                    "The trigger '{}' of workflow '{}' of the tenant '{}' could not ask for events, and asks again in {} s: {}",
                    node.id(),
                    workflow.id(),
                    tenant,
                    pause.toSeconds(),
                    why);
            return state.failed(begin.plus(pause), why);
        }

        private Duration every() {
            return node.config().containsKey("every")
                    ? DurationText.parse(node.config().get("every"))
                    : source.every();
        }

        // ------------------------------------------------------------ the list

        private PollState read(PollState state, Instant begin) {
            PollContext context = new PollContext(own, tenant, workflow.id(), node.id(), config(state), begin);
            NodeResult result = trigger.operation().execute(node, context);
            if (result instanceof NodeResult.Suspended later && later.wakes().get(0) instanceof Wake.At at) {
                // The rate of the connection does not allow it yet.
                return state.later(at.instant());
            }
            Object output = ((NodeResult.Completed) result).output();
            if (!(JsonPointer.read(output, source.items()) instanceof JsonArray items)) {
                throw wrong("there is no list at '" + source.items() + "' in what the operation gave");
            }
            List<@Nullable Object> ordered = new ArrayList<>(items);
            if (source.newestFirst()) {
                Collections.reverse(ordered);
            }
            return handled(state, begin, ordered);
        }

        private JsonObject config(PollState state) {
            JsonObject.Builder config = JsonObject.builder();
            node.config().forEach((field, value) -> {
                if (!field.equals("every")) {
                    config.put(field, value);
                }
            });
            source.config().forEach(config::put);
            if (!source.sinceField().isEmpty() && state.since() != null) {
                config.put(source.sinceField(), state.since());
            }
            return config.build();
        }

        /** What is there when a trigger asks for the first time has happened before somebody waited for it. */
        private PollState handled(PollState state, Instant begin, List<@Nullable Object> items) {
            Set<String> listed = new LinkedHashSet<>();
            String since = state.since();
            Instant next = begin.plus(every());
            String refused = null;
            for (Object item : items) {
                String id = id(item);
                try {
                    if (state.begun() && !state.seen().contains(id) && !listed.contains(id)) {
                        start(id, item, begin);
                    }
                } catch (EngineOverloadedException e) {
                    LOG.info("The events of trigger '{}' wait, because there are too many runs", node.id());
                    listed.addAll(state.seen());
                    return state.read(next, state.since(), listed, refused);
                } catch (InvalidWorkflowException e) {
                    // It is asked for again, for who is wrong may be mended; those behind it do not wait for that.
                    refused = refused == null ? refused(id, e) : refused;
                    continue;
                }
                listed.add(id);
                if (refused == null && !source.sinceField().isEmpty()) {
                    since = later(since, JsonPointer.read(item, source.sinceValue()));
                }
            }
            return state.read(next, since, listed, refused);
        }

        private String refused(String id, InvalidWorkflowException cause) {
            String why =
                    "No run could be started for the event '" + id + "', which is tried again: " + cause.getMessage();
            LOG.warn("{}; trigger '{}', workflow '{}', tenant '{}'", why, node.id(), workflow.id(), tenant);
            return why;
        }

        private String id(@Nullable Object item) {
            List<String> parts = new ArrayList<>();
            for (String pointer : source.key()) {
                Object part = JsonPointer.read(item, pointer);
                if (part == null) {
                    throw wrong("an item has nothing at '" + pointer + "', which tells it from others");
                }
                parts.add(Json.toText(part));
            }
            return String.join("|", parts);
        }

        private static @Nullable String later(@Nullable String known, @Nullable Object found) {
            if (found == null) {
                return known;
            }
            String text = Json.toText(found);
            return known == null || isLater(text, known) ? text : known;
        }

        /** Numbers by their value; other texts, as times in ISO 8601, by their letters. */
        private static boolean isLater(String one, String other) {
            boolean numbers = one.matches("[0-9]{1,18}") && other.matches("[0-9]{1,18}");
            return numbers ? Long.parseLong(one) > Long.parseLong(other) : one.compareTo(other) > 0;
        }

        private void start(String id, @Nullable Object item, Instant seenAt) {
            IntegrationEvent event = new IntegrationEvent(id, trigger.name(), node.connection(), seenAt, item);
            String key = "event:" + key(trigger.name() + "\n" + node.id(), id);
            try {
                ExecutionHandle unused = own.start(ExecutionRequest.of(workflow)
                        .input(event.json())
                        .trigger(node.id())
                        .key(key));
                started++;
            } catch (IdempotencyConflictException e) {
                LOG.debug("The event '{}' has started its run before, and nobody lived to say so", id);
            }
        }

        private NonRetriableException wrong(String what) {
            return new NonRetriableException(
                    "event", "Cannot read the events of " + trigger.name() + ": " + what, null);
        }
    }
}
