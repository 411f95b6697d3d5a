package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.store.ClaimedRun;
import io.automationhub.engine.store.OpenWait;
import io.automationhub.engine.store.RunCommit;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Durability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a durable store has of a run, and what it is to be told next. Used by the run's writer, unless a method says otherwise. */
final class StoredRun {

    private static final String CHILD = "child:";
    private static final String CANCEL = "cancel";

    private final StoreMember member;
    private final long number;
    private int position;
    private int logsTold;
    private List<String> heard = List.of();
    private @Nullable ExecutionStatus toldStatus;
    private @Nullable Set<String> everHeard;
    private boolean restAsked;
    private RunCommit.@Nullable Release release;

    /** The runs that this one has begun and whose beginnings are not durable yet, by their ids; null if there was none. */
    private @Nullable Map<String, CompletableFuture<?>> beginnings;

    /** Completes when the beginning of the run is durable, with null, or with the id of the run that was begun before it. */
    private final CompletableFuture<@Nullable String> begun = new CompletableFuture<>();

    /** The process has the run no longer. Read by any thread. */
    private volatile boolean moved;

    /** A run that begins. */
    StoredRun(StoreMember member) {
        this.member = member;
        this.number = member.nextNumber();
    }

    /** A run that this process has taken. */
    StoredRun(StoreMember member, ClaimedRun claimed) {
        this.member = member;
        number = claimed.number();
        position = claimed.positions();
        begun.complete(null);
    }

    // ---------------------------------------------------------------- what it is

    /** The membership under which the process has it. On any thread. */
    StoreMember member() {
        return member;
    }

    /** What the store calls it. On any thread. */
    long number() {
        return number;
    }

    /** On any thread. */
    CompletableFuture<@Nullable String> begun() {
        return begun;
    }

    /** On any thread: whether the process has it no longer. */
    boolean isMoved() {
        return moved;
    }

    /** Notes that the process has it no longer. On any thread. */
    void moved() {
        moved = true;
    }

    // ---------------------------------------------------------------- messages

    /** A message is heard now. False if it was before. */
    boolean hear(String id) {
        if (everHeard == null) {
            everHeard = new HashSet<>();
        }
        if (!everHeard.add(id)) {
            return false;
        }
        if (heard.isEmpty()) {
            heard = new ArrayList<>();
        }
        heard.add(id);
        return true;
    }

    /** The id of the message that says that a run has ended. */
    static String childMessage(String execution) {
        return CHILD + execution;
    }

    // ---------------------------------------------------------------- runs that it began

    /** The run has begun another one. */
    void hasBegun(String execution, StoredRun other) {
        if (!other.begun().isDone()) {
            if (beginnings == null) {
                beginnings = new HashMap<>();
            }
            beginnings.values().removeIf(CompletableFuture::isDone);
            beginnings.put(execution, other.begun());
        }
    }

    /**
     * What a commit must wait for: the runs to which it has messages must be known to the store before. Null if it need not
     * wait.
     */
    @Nullable
    CompletableFuture<?> beginningsBefore(RunCommit commit) {
        Map<String, CompletableFuture<?>> known = beginnings;
        if (known == null || commit.messages().isEmpty()) {
            return null;
        }
        return CompletableFuture.allOf(commit.messages().stream()
                .map(message -> known.get(message.to()))
                .filter(Objects::nonNull)
                .toArray(CompletableFuture[]::new));
    }

    // ---------------------------------------------------------------- resting

    /** Somebody asks it to rest, because nothing has happened for a while. */
    void askToRest() {
        restAsked = true;
    }

    /**
     * Settles whether the process lets go of the run with this turn.
     *
     * @param idle whether nothing moves in it
     */
    void settle(Execution execution, boolean idle, long keepNanos) {
        boolean rests = false;
        long due = execution.tree().nextDue();
        boolean durable = execution.workflow().settings().durability() == Durability.DURABLE;
        if (idle && durable) {
            boolean later = due - execution.elapsed() > keepNanos;
            // Somebody who takes a run to tell it something must come to speak before it rests again.
            boolean atOnce = !execution.isHeld()
                    && execution.facts().hasFacts()
                    && execution.waitingNodes().waitsForTimeAlone();
            rests = later && (restAsked || atOnce);
        }
        restAsked = false;
        release = rests ? new RunCommit.Release(execution.facts().facts().atOrNull(due)) : null;
    }

    /** Whether the store knows nothing of the run yet. */
    boolean isFirst() {
        return position == 0;
    }

    /** Whether the process lets go of the run with this turn. */
    boolean isResting() {
        return release != null;
    }

    // ---------------------------------------------------------------- commits

    /** Whether the store must hear of a turn without facts. */
    boolean hasNews() {
        return release != null || !heard.isEmpty();
    }

    /** What a turn changes. */
    RunCommit commit(Execution execution, List<ExecutionFact> facts) {
        ExecutionFact.RunEnded end = ExecutionFact.RunEnded.of(facts);
        List<OpenWait> opened = new ArrayList<>();
        List<OpenWait> closed = new ArrayList<>();
        execution
                .waitingNodes()
                .changes(outside -> add(execution, outside, opened), outside -> add(execution, outside, closed));
        var logs = execution.nodeRuns().logs(logsTold);
        logsTold += logs.size();
        List<String> told = heard;
        heard = List.of();
        return new RunCommit(
                execution.tenant(),
                execution.id(),
                number,
                execution.workflow(),
                Facts.instant(execution.startMicros()),
                position++,
                facts,
                logs,
                changed(end == null ? execution.status() : end.status()),
                end == null
                        ? JsonObject.EMPTY
                        : RunHistory.variables(execution, execution.scope().variables()),
                release,
                opened,
                closed,
                told,
                messages(execution, end));
    }

    private @Nullable ExecutionStatus changed(ExecutionStatus status) {
        boolean changes = status != toldStatus;
        toldStatus = status;
        return changes ? status : null;
    }

    private static void add(Execution execution, Waits.Outside outside, List<OpenWait> to) {
        Scope scope = outside.waiter().scope();
        String node = scope.id(outside.waiter().slot());
        Instant since = Facts.instant(execution.turnMicros());
        if (outside.wake() instanceof Wake.Signal signal) {
            to.add(new OpenWait(node, scope.path(), signal.name(), signal.key(), null, since));
        } else if (outside.wake() instanceof Wake.Completion completion) {
            to.add(new OpenWait(node, scope.path(), completion.name(), null, completion.request(), since));
        }
    }

    /** Runs that are waited for no longer are cancelled, and the run that waits for this one hears of its end. */
    private static List<RunCommit.Addressed> messages(Execution execution, ExecutionFact.@Nullable RunEnded end) {
        List<RunCommit.Addressed> messages = new ArrayList<>();
        RunMessage cancel = new RunMessage.Cancel(execution.runtime().children().compensates(execution));
        execution
                .waitingNodes()
                .changes(
                        begun -> {},
                        over -> ChildRuns.abandoned(over)
                                .forEach(child -> messages.add(new RunCommit.Addressed(child, CANCEL, cancel))));
        RunOrigin origin = execution.start().origin();
        if (end != null && origin != null && origin.kind() == RunOrigin.Kind.CALL) {
            Woken.ByChild child = new Woken.ByChild(execution.id(), end.status(), end.output(), end.error());
            messages.add(new RunCommit.Addressed(
                    origin.execution(), childMessage(execution.id()), new RunMessage.ChildEnded(child)));
        }
        return messages;
    }

    /** The beginning of a run that any process may take. On any thread, before the run does anything. */
    RunCommit beginning(Execution execution, Instant due) {
        return new RunCommit(
                execution.tenant(),
                execution.id(),
                number,
                execution.workflow(),
                Facts.instant(execution.startMicros()),
                0,
                List.of(execution.facts().started()),
                List.of(),
                execution.status(),
                JsonObject.EMPTY,
                new RunCommit.Release(due),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
