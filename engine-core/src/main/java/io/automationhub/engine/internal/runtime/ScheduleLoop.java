package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.IdempotencyConflictException;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.internal.schedule.Completion;
import io.automationhub.engine.internal.schedule.ScheduledRuns;
import io.automationhub.engine.internal.schedule.Scheduler;
import io.automationhub.engine.schedule.BusinessCalendar;
import io.automationhub.engine.schedule.Capacity;
import io.automationhub.engine.schedule.ScheduleTrigger;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.DueDocument;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for schedules that are due, at the instant when the next one is, and whenever the store is looked at for other things. One
 * look at a time; what a look finds is done by a few threads. Safe for use by several threads.
 */
public final class ScheduleLoop implements ScheduledRuns {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleLoop.class);

    private static final String KEY = "schedule:";
    private static final int LANES = 4;
    private static final int MOST_DUE = 400;
    private static final int PAGE = 500;

    /** No timer is set for longer: the clock may count no further. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private static final Duration SHORTEST = Duration.ofMillis(10);

    private static final int IDLE = 0;
    private static final int LOOKING = 1;
    private static final int AGAIN = 2;

    private final EngineRuntime runtime;
    private final Scheduler scheduler;
    private final AtomicInteger state = new AtomicInteger();
    private Runnable timer = () -> {};

    ScheduleLoop(EngineRuntime runtime, DocumentStore documents, Map<String, BusinessCalendar> calendars) {
        this.runtime = runtime;
        scheduler = new Scheduler(documents, this, calendars);
    }

    /** What keeps and fires schedules. */
    public Scheduler scheduler() {
        return scheduler;
    }

    // ---------------------------------------------------------------- looking

    /** Looks if there is something to be done, now or later, for documents may be older than this process. */
    void begin() {
        if (scheduler.nextDue().isPresent()) {
            look();
        }
    }

    /** Looks soon, on another thread, if this process takes runs. */
    public void look() {
        if (runtime.isClosed() || !runtime.takesRuns()) {
            return;
        }
        if (state.getAndUpdate(before -> before == IDLE ? LOOKING : AGAIN) == IDLE) {
            execute(this::looks);
        }
    }

    private void execute(Runnable work) {
        try {
            runtime.workers().execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("The engine was closed before it looked for schedules", e);
        }
    }

    private void looks() {
        do {
            state.set(LOOKING);
            try {
                Optional<Instant> next = scheduler.nextDue();
                if (next.isPresent() && !next.get().isAfter(now())) {
                    while (!runtime.isClosed() && fireDue() == MOST_DUE) {
                        LOG.debug("More schedules are due than one look does");
                    }
                    next = scheduler.nextDue();
                }
                wakeAt(next);
            } catch (RuntimeException e) {
                if (!runtime.isClosed()) {
                    LOG.error("Cannot look for schedules that are due; tried again with the next look at the store", e);
                }
            }
        } while (!state.compareAndSet(LOOKING, IDLE));
    }

    /** How many were due. */
    private int fireDue() {
        List<DueDocument> due = new ArrayList<>(scheduler.due(MOST_DUE));
        // Another process does the same at the same time: in another order they seldom meet.
        Collections.shuffle(due);
        int lanes = Math.min(LANES, due.size());
        List<CompletableFuture<?>> others = new ArrayList<>();
        for (int lane = 1; lane < lanes; lane++) {
            int own = lane;
            others.add(CompletableFuture.runAsync(() -> fire(due, own, lanes), runtime.workers()));
        }
        fire(due, 0, Math.max(1, lanes));
        others.forEach(CompletableFuture::join);
        return due.size();
    }

    private void fire(List<DueDocument> due, int lane, int lanes) {
        for (int i = lane; i < due.size() && !runtime.isClosed(); i += lanes) {
            DueDocument each = due.get(i);
            try {
                scheduler
                        .unmoved(each.document())
                        .ifPresentOrElse(
                                workflow -> follow(each.tenant(), workflow),
                                () -> scheduler.fire(each.tenant(), each.document()));
            } catch (RuntimeException e) {
                LOG.error(
                        "Cannot fire the schedule '{}' of the tenant '{}'; tried again",
                        each.document().id(),
                        each.tenant(),
                        e);
            }
        }
    }

    private synchronized void wakeAt(Optional<Instant> due) {
        timer.run();
        timer = due.map(instant -> {
                    Duration wait = Duration.between(now(), instant);
                    Duration bounded = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
                    // What is due still is with another process, or cannot be done.
                    long nanos = Math.max(bounded.toNanos(), SHORTEST.toNanos());
                    return runtime.clock().wakeAt(runtime.clock().nanos() + nanos, this::look);
                })
                .orElse(() -> {});
    }

    // ---------------------------------------------------------------- triggers of workflows

    /**
     * Changes a workflow, and makes its schedules those of its newest version then, even if this process dies between.
     *
     * @param brings whether there may be schedules then, where there were none
     */
    public <T> T moved(String tenant, String workflow, boolean brings, Supplier<T> change) {
        if (!brings && !scheduler.hasTriggers(tenant, workflow)) {
            return change.get();
        }
        scheduler.willMove(tenant, workflow);
        T result = change.get();
        follow(tenant, workflow);
        look();
        return result;
    }

    private void follow(String tenant, String workflow) {
        boolean enabled = runtime.definitions().isEnabled(tenant, workflow);
        List<WorkflowSchedule> wanted = runtime.definitions()
                .latest(tenant, workflow)
                .map(latest -> ScheduleTrigger.schedules(latest.workflow()))
                .orElse(List.of());
        scheduler.triggers(
                tenant,
                workflow,
                wanted.stream()
                        .map(schedule -> enabled ? schedule : schedule.enabled(false))
                        .toList());
    }

    // ---------------------------------------------------------------- runs

    /** A run has ended, and a schedule may wait for that. */
    void ended(Execution execution) {
        if (scheduler.isAwaited(execution.tenant(), execution.workflowId()) && !runtime.isClosed()) {
            execute(() -> workflowEnded(execution.tenant(), execution.workflowId()));
        }
        String key = execution.start().key();
        if (key != null && key.startsWith(KEY) && key.indexOf('@') > 0 && !runtime.isClosed()) {
            String id = key.substring(KEY.length(), key.lastIndexOf('@'));
            execute(() -> {
                try {
                    if (scheduler.runEnded(execution.tenant(), id)) {
                        look();
                    }
                } catch (RuntimeException e) {
                    LOG.warn("Cannot look what the schedule '{}' does now that its run has ended; tried again", id, e);
                }
            });
        }
    }

    private void workflowEnded(String tenant, String workflow) {
        try {
            scheduler.workflowEnded(tenant, workflow);
        } catch (RuntimeException e) {
            LOG.warn("Cannot begin what runs after workflow '{}' of the tenant '{}'; tried again", workflow, tenant, e);
        }
    }

    @Override
    public String begin(String tenant, WorkflowSchedule schedule, Instant planned, JsonObject cause) {
        WorkflowVersion version = runtime.definitions().callable(tenant, schedule.workflow(), null);
        Object input = schedule.input() == null ? input(schedule, planned, cause) : schedule.input();
        StartRequest request = new StartRequest(
                version.workflow(),
                tenant,
                input,
                schedule.trigger(),
                Map.of(),
                KEY + schedule.id() + "@" + planned,
                null,
                null,
                List.copyOf(schedule.tags()));
        try {
            return runtime.start(request).id();
        } catch (IdempotencyConflictException e) {
            // It has begun before, with the version that was the newest then.
            return e.executionId();
        } catch (InvalidWorkflowException e) {
            throw new NonRetriableException(ExecutionError.KIND_CONFIG, String.valueOf(e.getMessage()), e);
        }
    }

    private static JsonObject input(WorkflowSchedule schedule, Instant planned, JsonObject cause) {
        JsonObject.Builder input =
                JsonObject.builder().put("schedule", schedule.id()).put("plannedAt", planned.toString());
        cause.forEach(input::put);
        return input.build();
    }

    @Override
    public List<Completion> completed(String tenant, String workflow, Instant since) {
        List<Completion> completed = new ArrayList<>();
        ExecutionQuery query =
                ExecutionQuery.of(tenant).workflow(workflow).ended(since).limit(PAGE);
        String after = null;
        do {
            Page<ExecutionRecord> page = runtime.store().executions(query.after(after));
            for (ExecutionRecord run : page.items()) {
                if (run.endedAt() != null) {
                    completed.add(new Completion(
                            workflow, run.id(), run.endedAt(), run.status() == ExecutionStatus.SUCCEEDED));
                }
            }
            after = page.next();
        } while (after != null);
        return completed;
    }

    @Override
    public boolean isFull(String tenant, Capacity capacity) {
        return capacity.limit() == null
                ? runtime.load() >= capacity.below()
                : runtime.attemptLimits().isFull(tenant, capacity.limit(), (int) capacity.below());
    }

    @Override
    public boolean areShared() {
        return runtime.membership() != null;
    }

    @Override
    public boolean isRunning(String tenant, String execution) {
        return runtime.findLive(tenant, execution) != null
                || record(tenant, execution)
                        .filter(run -> !run.status().isEnded())
                        .isPresent();
    }

    @Override
    public Optional<Instant> ended(String tenant, String execution) {
        return record(tenant, execution).map(ExecutionRecord::endedAt);
    }

    private Optional<ExecutionRecord> record(String tenant, String execution) {
        return runtime.store().find(tenant, execution);
    }

    @Override
    public void cancel(String tenant, String execution) {
        runtime.handle(tenant, execution).ifPresent(run -> {
            boolean unused = run.cancel(false);
        });
    }

    @Override
    public Instant now() {
        return runtime.now();
    }
}
