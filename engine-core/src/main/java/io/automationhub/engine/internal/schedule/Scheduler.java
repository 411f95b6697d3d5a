package io.automationhub.engine.internal.schedule;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.schedule.BusinessCalendar;
import io.automationhub.engine.schedule.FireTimes;
import io.automationhub.engine.schedule.InvalidScheduleException;
import io.automationhub.engine.schedule.RunOverlap;
import io.automationhub.engine.schedule.ScheduleConfig;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.ScheduleStatus.Firing;
import io.automationhub.engine.schedule.ScheduleTrigger;
import io.automationhub.engine.schedule.Timing;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.DocumentStore.DueDocument;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps schedules as documents, and fires those that are due. A firing is first decided and kept, by whoever is the first to change
 * the document; what is decided is begun by whoever finds it, under a key by which the store knows it again. So it begins once,
 * whichever process is paused or dies where. Safe for use by several threads.
 */
public final class Scheduler {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    static final String COLLECTION = "workflow.schedule";

    /** What the ids of documents begin with that are no schedules, but say that a workflow changes. */
    private static final String MOVE = "move:";

    /** A change of a workflow takes no longer than that. */
    private static final Duration MOVING = Duration.ofSeconds(30);

    private static final String WORKFLOW = "workflow";
    private static final String AFTER = "after";
    private static final int PAGE = 500;

    /** How often it is looked whether a run has ended for which something waits, if nobody says so. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 8;
    private static final int MOST_TIMES_KEPT = 10_000;

    private final DocumentStore documents;
    private final ScheduledRuns runs;
    private final Map<String, BusinessCalendar> calendars;
    private final Cache<Timed, FireTimes> times =
            Caffeine.newBuilder().maximumSize(MOST_TIMES_KEPT).build();

    /** The workflows after which something may run, as far as this process has heard. */
    private final Set<String> awaited = ConcurrentHashMap.newKeySet();

    private record Timed(ScheduleRule rule, Instant created, String name) {}

    /** @param calendars the host's own by their names */
    public Scheduler(DocumentStore documents, ScheduledRuns runs, Map<String, BusinessCalendar> calendars) {
        this.documents = documents;
        this.runs = runs;
        this.calendars = Map.copyOf(calendars);
    }

    /** The host's own calendars by their names. */
    public Map<String, BusinessCalendar> calendars() {
        return calendars;
    }

    private FireTimes times(String tenant, ScheduleState state) {
        return times.get(
                new Timed(
                        state.schedule().rule(),
                        state.created(),
                        FireTimes.name(tenant, state.schedule().id())),
                timed -> FireTimes.of(timed.rule(), timed.created(), calendars, timed.name()));
    }

    /** By how much all firings of a schedule are late: by the same time in all processes, and by another one for each. */
    private static Duration jitter(String tenant, WorkflowSchedule schedule) {
        long most = schedule.rule().jitter().toMillis();
        return most == 0
                ? Duration.ZERO
                : Duration.ofMillis(new SplittableRandom(
                                FireTimes.name(tenant, schedule.id()).hashCode())
                        .nextLong(most));
    }

    // ---------------------------------------------------------------- keeping

    /**
     * Keeps a schedule in place of the one of the same id. What was due by then fires as it was before.
     *
     * @throws InvalidScheduleException if it is not in order
     */
    public ScheduleStatus save(String tenant, WorkflowSchedule schedule) {
        if (schedule.id().startsWith(MOVE)) {
            throw new IllegalArgumentException("The id of a schedule does not begin with '" + MOVE + "', found '"
                    + schedule.id() + "'; call it otherwise");
        }
        List<Problem> problems = problems(tenant, schedule, null);
        if (schedule.enabled() && !problems.isEmpty()) {
            throw new InvalidScheduleException(schedule.id(), problems);
        }
        return keep(tenant, schedule);
    }

    /**
     * What keeps a schedule from ever firing, or from ever ending.
     *
     * @param nodeId of the trigger that it is of; null if of none
     */
    public List<Problem> problems(String tenant, WorkflowSchedule schedule, @Nullable String nodeId) {
        List<Problem> problems =
                new ArrayList<>(ScheduleConfig.problems(schedule.rule(), runs.now(), calendars, nodeId));
        new Dependencies(downstream(tenant, schedule))
                .circle(schedule)
                .ifPresent(circle -> problems.add(Problem.of(
                        ProblemCode.INVALID_CONFIG,
                        "/after",
                        nodeId,
                        "The workflow '" + schedule.workflow() + "' would run after itself, for ever: "
                                + String.join(" → ", circle),
                        "take one of them out of an 'after'")));
        return problems;
    }

    /** The other schedules that run after workflows. */
    private List<WorkflowSchedule> downstream(String tenant, WorkflowSchedule schedule) {
        List<WorkflowSchedule> all = new ArrayList<>();
        if (schedule.rule().timing() instanceof Timing.After) {
            String after = null;
            do {
                Page<Document> page = documents.list(DocumentQuery.of(COLLECTION, tenant, PAGE)
                        .where(AFTER, AFTER)
                        .after(after));
                page.items().stream()
                        .filter(each -> !each.id().equals(schedule.id()))
                        .forEach(each -> all.add(ScheduleState.of(each.body()).schedule()));
                after = page.next();
            } while (after != null);
        }
        return all;
    }

    private ScheduleStatus keep(String tenant, WorkflowSchedule schedule) {
        while (true) {
            Document known = documents.find(COLLECTION, tenant, schedule.id()).orElse(null);
            if (known != null) {
                ScheduleState before = ScheduleState.of(known.body());
                if (before.schedule().equals(schedule)) {
                    return status(before);
                }
                if (isDue(known) || isPlanned(before)) {
                    fire(tenant, known, false);
                    known = documents.find(COLLECTION, tenant, schedule.id()).orElse(null);
                }
            }
            Instant now = runs.now();
            ScheduleState state = known == null
                    ? ScheduleState.of(schedule, now)
                    : ScheduleState.of(known.body()).changed(schedule, now);
            state = decided(tenant, state, now, true);
            if (put(tenant, known == null ? DocumentStore.ABSENT : known.version(), state, now) != null) {
                return status(state);
            }
        }
    }

    /** Whether a firing was planned by now, which may be late, or wait for capacity. */
    private boolean isPlanned(ScheduleState state) {
        return state.next() != null && !state.next().isAfter(runs.now());
    }

    private boolean isDue(Document document) {
        return document.due() != null && !document.due().isAfter(runs.now());
    }

    /** Fires no more, and is forgotten. False if there was none. */
    public boolean delete(String tenant, String id) {
        while (true) {
            Optional<Document> known = documents.find(COLLECTION, tenant, id);
            if (known.isEmpty()) {
                return false;
            }
            try {
                documents.delete(COLLECTION, tenant, id, known.get().version());
                return true;
            } catch (VersionMismatchException e) {
                LOG.debug("The schedule '{}' changed while it was deleted", id);
            }
        }
    }

    /** A schedule and how it fares. */
    public Optional<ScheduleStatus> find(String tenant, String id) {
        return documents
                .find(COLLECTION, tenant, id)
                .filter(found -> unmoved(found).isEmpty())
                .map(each -> status(ScheduleState.of(each.body())));
    }

    /** Schedules by their ids. */
    public Page<ScheduleStatus> list(String tenant, @Nullable String after, int limit) {
        Page<Document> page =
                documents.list(DocumentQuery.of(COLLECTION, tenant, limit).after(after));
        return new Page<>(
                page.items().stream()
                        .filter(each -> unmoved(each).isEmpty())
                        .map(each -> status(ScheduleState.of(each.body())))
                        .toList(),
                page.next());
    }

    private static ScheduleStatus status(ScheduleState state) {
        return new ScheduleStatus(state.schedule(), state.next(), state.recent(), state.error());
    }

    /**
     * A workflow is about to change, and its schedules with it: should this process die before they did, another one finds it due
     * that they do.
     */
    public void willMove(String tenant, String workflow) {
        Instant late = runs.now().plus(MOVING);
        String id = moveId(workflow);
        long version =
                documents.find(COLLECTION, tenant, id).map(Document::version).orElse(DocumentStore.ABSENT);
        try {
            Document unused =
                    documents.put(COLLECTION, tenant, id, version, JsonObject.of(WORKFLOW, workflow), Map.of(), late);
        } catch (VersionMismatchException e) {
            LOG.debug("Somebody else changes the workflow '{}' at the same time, and has said so", workflow);
        }
    }

    /** Whether a workflow has schedules in its triggers. */
    public boolean hasTriggers(String tenant, String workflow) {
        return !documents
                .list(DocumentQuery.of(COLLECTION, tenant, 1).where(WORKFLOW, workflow))
                .items()
                .isEmpty();
    }

    private static String moveId(String workflow) {
        return MOVE
                + (workflow.length() <= WorkflowSchedule.MOST_ID
                        ? workflow
                        : UUID.nameUUIDFromBytes(workflow.getBytes(StandardCharsets.UTF_8))
                                .toString());
    }

    /** The workflow whose schedules have not followed a change; empty if a document is a schedule. */
    public Optional<String> unmoved(Document due) {
        return due.id().startsWith(MOVE) ? Optional.of(String.valueOf(due.body().get(WORKFLOW))) : Optional.empty();
    }

    private void hasMoved(String tenant, Document move) {
        try {
            documents.delete(COLLECTION, tenant, move.id(), move.version());
        } catch (VersionMismatchException e) {
            LOG.debug("The workflow of '{}' changes again", move.id());
        }
    }

    /** Makes the schedules that belong to the triggers of a workflow these, and no others. */
    public void triggers(String tenant, String workflow, List<WorkflowSchedule> wanted) {
        Optional<Document> move = documents.find(COLLECTION, tenant, moveId(workflow));
        Set<String> ids = wanted.stream().map(WorkflowSchedule::id).collect(Collectors.toSet());
        String after = null;
        do {
            Page<Document> page = documents.list(DocumentQuery.of(COLLECTION, tenant, PAGE)
                    .where(WORKFLOW, workflow)
                    .after(after));
            for (Document each : page.items()) {
                if (!ids.contains(each.id())) {
                    boolean unused = delete(tenant, each.id());
                }
            }
            after = page.next();
        } while (after != null);
        wanted.forEach(schedule -> {
            ScheduleStatus unused = keep(tenant, schedule);
        });
        move.ifPresent(each -> hasMoved(tenant, each));
    }

    // ---------------------------------------------------------------- firing

    /**
     * What is due, the earliest first.
     *
     * @param limit the most schedules
     */
    public List<DueDocument> due(int limit) {
        return documents.due(COLLECTION, runs.now(), limit);
    }

    /** When something is to be done next, in whatever schedule; empty if nothing is. */
    public Optional<Instant> nextDue() {
        return documents.due(COLLECTION, Instant.MAX, 1).stream()
                .findFirst()
                .map(each -> each.document().due());
    }

    /** Does what is due in a schedule, unless another process was faster. */
    public void fire(String tenant, Document seen) {
        fire(tenant, seen, true);
    }

    private void fire(String tenant, Document seen, boolean waits) {
        Instant now = runs.now();
        ScheduleState before = ScheduleState.of(seen.body());
        if (!before.decided().isEmpty()) {
            Document unused = put(tenant, seen.version(), begun(tenant, before, now), now);
            return;
        }
        ScheduleState decided = decidedOrFailed(tenant, before, now, waits);
        Document mine = put(tenant, seen.version(), decided, now);
        if (mine != null && !decided.decided().isEmpty()) {
            Document unused = put(tenant, mine.version(), begun(tenant, decided, now), now);
        }
    }

    /** What cannot be decided, because a calendar is not there or does not reach so far, is tried again. */
    private ScheduleState decidedOrFailed(String tenant, ScheduleState before, Instant now, boolean waits) {
        try {
            return decided(tenant, before.failures() == 0 ? before : before.recovered(), now, waits);
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "The schedule '{}' of the tenant '{}' cannot tell when it fires, and tries again: {}",
                    before.schedule().id(),
                    tenant,
                    e.getMessage());
            return before.failed(String.valueOf(e.getMessage()));
        }
    }

    private ScheduleState decided(String tenant, ScheduleState state, Instant now, boolean waits) {
        Duration late = jitter(tenant, state.schedule());
        return new Decision(tenant, times(tenant, state), runs, now, late, waits).of(state);
    }

    /** Null if another process was faster. */
    private @Nullable Document put(String tenant, long version, ScheduleState state, Instant now) {
        WorkflowSchedule schedule = state.schedule();
        await(tenant, schedule);
        Map<String, String> fields = new HashMap<>();
        if (ScheduleTrigger.isOne(schedule)) {
            fields.put(WORKFLOW, schedule.workflow());
        }
        if (schedule.rule().timing() instanceof Timing.After) {
            fields.put(AFTER, AFTER);
        }
        try {
            return documents.put(
                    COLLECTION, tenant, schedule.id(), version, state.toJson(), fields, due(tenant, state, now));
        } catch (VersionMismatchException e) {
            return null;
        }
    }

    private @Nullable Instant due(String tenant, ScheduleState state, Instant now) {
        if (state.failures() > 0) {
            return now.plus(FIRST_PAUSE.multipliedBy(1L << Math.min(state.failures(), MOST_DOUBLINGS)));
        }
        if (!state.decided().isEmpty()) {
            return now;
        }
        Instant next = state.next();
        Instant due = next == null ? null : next.plus(jitter(tenant, state.schedule()));
        // It was due, and waits for capacity.
        due = due == null || due.isAfter(now) ? due : now.plus(LOOK);
        return awaitsEnd(state) && (due == null || due.isAfter(now.plus(LOOK))) ? now.plus(LOOK) : due;
    }

    /** Whether something happens when its run ends. */
    private boolean awaitsEnd(ScheduleState state) {
        return state.queued() != null
                || state.schedule().enabled()
                        && state.schedule().rule().timing() instanceof Timing.After
                        && runs.areShared()
                || state.schedule().enabled()
                        && state.running() != null
                        && state.next() == null
                        && state.schedule().rule().timing() instanceof Timing.Interval interval
                        && interval.fromEnd();
    }

    private ScheduleState begun(String tenant, ScheduleState decided, Instant now) {
        ScheduleState state = decided;
        while (!state.decided().isEmpty()) {
            Instant planned = state.decided().get(0);
            WorkflowSchedule schedule = state.schedule();
            try {
                if (schedule.rule().whileRunning() == RunOverlap.CANCEL && state.running() != null) {
                    runs.cancel(tenant, state.running());
                }
                state = state.begun(
                        new Firing(planned, now, runs.begin(tenant, schedule, planned, state.cause(planned)), null));
            } catch (NonRetriableException e) {
                LOG.warn(
                        "The schedule '{}' of the tenant '{}' cannot run workflow '{}', as planned for {}: {}",
                        schedule.id(),
                        tenant,
                        schedule.workflow(),
                        planned,
                        e.getMessage());
                state = state.begun(new Firing(planned, now, null, String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                LOG.warn(
                        "The schedule '{}' of the tenant '{}' could not run workflow '{}', as planned for {}, and tries"
                                + " again",
                        schedule.id(),
                        tenant,
                        schedule.workflow(),
                        planned,
                        e);
                return state.failed(String.valueOf(e.getMessage()));
            }
        }
        return state;
    }

    /** Whether something may run after a workflow. */
    public boolean isAwaited(String tenant, String workflow) {
        return !awaited.isEmpty() && awaited.contains(FireTimes.name(tenant, workflow));
    }

    private void await(String tenant, WorkflowSchedule schedule) {
        if (schedule.rule().timing() instanceof Timing.After after) {
            after.upstream().workflows().forEach(workflow -> awaited.add(FireTimes.name(tenant, workflow)));
        }
    }

    /** A run of a workflow has ended: what runs after it is begun. */
    public void workflowEnded(String tenant, String workflow) {
        String after = null;
        do {
            Page<Document> page = documents.list(DocumentQuery.of(COLLECTION, tenant, PAGE)
                    .where(AFTER, AFTER)
                    .after(after));
            for (Document each : page.items()) {
                WorkflowSchedule schedule = ScheduleState.of(each.body()).schedule();
                if (schedule.enabled()
                        && schedule.rule().timing() instanceof Timing.After timing
                        && timing.upstream().workflows().contains(workflow)) {
                    fire(tenant, each);
                }
            }
            after = page.next();
        } while (after != null);
    }

    /** A run of a schedule has ended: what waits for that is done. False if nothing does. */
    public boolean runEnded(String tenant, String id) {
        Optional<Document> waiting =
                documents.find(COLLECTION, tenant, id).filter(found -> awaitsEnd(ScheduleState.of(found.body())));
        waiting.ifPresent(found -> fire(tenant, found));
        return waiting.isPresent();
    }
}
