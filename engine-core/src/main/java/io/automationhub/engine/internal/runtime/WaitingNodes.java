package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.internal.machine.GroupRun;
import io.automationhub.engine.internal.machine.Machine;
import io.automationhub.engine.internal.machine.Status;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a run that wait: begins their waits, brings what ends them, and withdraws what they wait for no longer. Used by
 * the run's writer.
 */
final class WaitingNodes {

    private final Execution execution;
    private @Nullable Waits waits;

    WaitingNodes(Execution execution) {
        this.execution = execution;
    }

    /** An attempt ended by waiting for these. */
    void suspend(Scope scope, int slot, List<Wake> wakes, long nanos) {
        long wakeAt = Machine.NEVER;
        for (Wake wake : wakes) {
            if (wake instanceof Wake.At at) {
                wakeAt = Math.min(wakeAt, Math.max(nanos, execution.facts().nanos(at.instant())));
            }
        }
        Woken early = register(scope, slot, wakes);
        scope.machine().suspended(slot, wakeAt, nanos);
        if (scope.machine().status(slot) != Status.SUSPENDED) {
            waitIsOver(scope, slot);
        }
        execution.facts().collect(scope);
        if (early != null && scope.machine().status(slot) == Status.SUSPENDED) {
            wake(new Waits.Waiter(scope, slot), early, nanos);
        }
    }

    /** Somebody outside completed a name. */
    SignalReceipt completionArrived(String name, @Nullable Object value) {
        Machine root = execution.machine();
        if (waits().isCompleted(name)) {
            return SignalReceipt.REPEATED;
        }
        if (root.isFinished() || root.isEnding()) {
            return SignalReceipt.ENDED;
        }
        Woken.ByCompletion completion = new Woken.ByCompletion(name, value);
        Waits.Waiter waiter = waits().waiterFor(name);
        if (waiter != null && waiter.isSuspended()) {
            wake(waiter, completion, Math.max(execution.elapsed(), root.now()));
            return SignalReceipt.TAKEN;
        }
        if (waits().isFull()) {
            return SignalReceipt.FULL;
        }
        waits().keep(completion);
        execution.facts().completionKept(completion);
        return SignalReceipt.KEPT;
    }

    /** Somebody decides an approval, which may be over by now, or not have begun yet. */
    DecisionReceipt decisionArrived(ApprovalTokens.Subject subject, JsonObject decision) {
        if (!waits().isCompleted(subject.name()) && isOver(subject)) {
            return DecisionReceipt.EXPIRED;
        }
        return switch (completionArrived(subject.name(), decision)) {
            case TAKEN -> DecisionReceipt.ACCEPTED;
            case KEPT -> DecisionReceipt.KEPT;
            case REPEATED -> DecisionReceipt.ALREADY_DECIDED;
            case SENT -> DecisionReceipt.SENT;
            case ENDED, FULL -> DecisionReceipt.ENDED;
        };
    }

    /** A message that was kept for the run came to it. */
    void messageArrived(RunMessage message) {
        if (message instanceof RunMessage.Cancel cancel) {
            execution.cancelled(cancel.compensate());
        } else if (message instanceof RunMessage.Pause pause) {
            execution.pause(pause.paused());
        } else if (message instanceof RunMessage.Signal signal) {
            signalArrived(signal.signal());
        } else if (message instanceof RunMessage.KeyedSignal signal) {
            keyedSignalArrived(signal);
        } else if (message instanceof RunMessage.Completion completion) {
            completionArrived(completion.name(), completion.value());
        } else if (message instanceof RunMessage.Decision decision) {
            decisionArrived(
                    new ApprovalTokens.Subject(execution.id(), decision.node(), decision.iteration(), decision.name()),
                    decision.decision());
        } else if (message instanceof RunMessage.ChildEnded ended) {
            childEnded(ended.child());
        } else if (message instanceof RunMessage.Admitted) {
            execution.admitted();
        }
    }

    /** A signal with a key was found for a node; if that waits no longer, the signal is for another one. */
    private void keyedSignalArrived(RunMessage.KeyedSignal message) {
        Wake.Signal wake = new Wake.Signal(message.signal().name(), message.key());
        Waits.Waiter waiter = waits().waiterForKey(wake, message.node(), message.iteration());
        if (waiter == null || !keyedSignalArrived(waiter, wake, message.signal())) {
            execution.whenDurable(() -> execution.runtime().putBack(execution, message));
        }
    }

    /** Whether nothing is waited for but time, and nothing has to be told to others yet. */
    boolean waitsForTimeAlone() {
        return waits == null || waits.isEmpty();
    }

    /** Whether others know of all that is waited for. */
    boolean hasReachedOut() {
        return waits == null || waits.begun().isEmpty();
    }

    /** What began to be waited for, and what is no longer, since others were told. */
    void changes(Consumer<Waits.Outside> begun, Consumer<Waits.Outside> over) {
        if (waits != null) {
            waits.begun().forEach(begun);
            waits.over().forEach(over);
        }
    }

    private boolean isOver(ApprovalTokens.Subject subject) {
        if (subject.isOneOfSeveral()) {
            // Its token is known only since the node waits for it.
            return waits().waiterFor(subject.name()) == null;
        }
        Scope scope = execution.scope();
        List<String> groups = execution.compiled().groups().getOrDefault(subject.node(), List.of());
        String[] numbers = subject.iteration().isEmpty()
                ? new String[0]
                : subject.iteration().split("\\.", -1);
        for (int level = 0; level < Math.min(numbers.length, groups.size()); level++) {
            int index = Integer.parseInt(numbers[level]);
            GroupRun group = scope.machine().groupRun(scope.compiled().plan().slot(groups.get(level)));
            if (group == null) {
                return false;
            }
            Machine iteration = group.live().stream()
                    .filter(each -> each.index() == index)
                    .findFirst()
                    .orElse(null);
            if (iteration == null) {
                return index < group.nextIndex();
            }
            scope = Scope.of(iteration);
        }
        int slot = scope.compiled().plan().slot(subject.node());
        return slot >= 0 && Status.isEnded(scope.machine().status(slot));
    }

    /** Somebody sends the run a signal. */
    SignalReceipt signalArrived(Woken.BySignal signal) {
        Machine root = execution.machine();
        if (root.isFinished() || root.isEnding()) {
            return SignalReceipt.ENDED;
        }
        if (waits().isRepeated(signal.id())) {
            return SignalReceipt.REPEATED;
        }
        Waits.Waiter waiter = waits().waiterForSignal(signal.name());
        if (waiter != null) {
            wake(waiter, signal, Math.max(execution.elapsed(), root.now()));
            return SignalReceipt.TAKEN;
        }
        if (!waits().keep(signal)) {
            return SignalReceipt.FULL;
        }
        execution.facts().signalKept(signal);
        return SignalReceipt.KEPT;
    }

    private void wake(Waits.Waiter waiter, Woken by, long nanos) {
        foldWoken(waiter, by);
        waiter.scope().machine().woken(waiter.slot(), nanos);
        execution.facts().collect(waiter.scope());
    }

    /** The run that a node began has ended. No effect if the node waits for it no longer. */
    void childEnded(Woken.ByChild child) {
        Waits.Waiter waiter = waits().waiterForChild(child.execution());
        Woken by = waiter != null && waiter.isSuspended() ? waits().ended(waiter, child) : null;
        if (waiter != null && by != null) {
            wake(waiter, by, Math.max(execution.elapsed(), execution.machine().now()));
        }
    }

    /** A signal with a key was found for a node. False if the node waits for it no longer. */
    boolean keyedSignalArrived(Waits.Waiter waiter, Wake.Signal wake, Woken.BySignal signal) {
        boolean waits =
                waiter.isSuspended() && waiter.scope().wakes(waiter.slot()).contains(wake);
        if (waits) {
            wake(
                    waiter,
                    signal,
                    Math.max(execution.elapsed(), execution.machine().now()));
        }
        return waits;
    }

    /** Notes what a node waits for. */
    @Nullable
    Woken register(Scope scope, int slot, List<Wake> wakes) {
        boolean onlyTime = wakes.stream().allMatch(Wake.At.class::isInstance);
        Woken early = onlyTime ? null : waits().suspend(new Waits.Waiter(scope, slot), wakes);
        scope.keepWakes(slot, wakes);
        return early;
    }

    /** Notes that something ended a wait. */
    void foldWoken(Waits.Waiter waiter, Woken by) {
        waitIsOver(waiter.scope(), waiter.slot());
        if (!(by instanceof Woken.ByTime)) {
            waits().taken(by);
        }
        waiter.scope().keepWoken(waiter.slot(), by);
    }

    /** A node has ended, was woken, or will be tried again: what it waited for is withdrawn. */
    void waitIsOver(Scope scope, int slot) {
        List<Wake> wakes = scope.wakes(slot);
        if (!wakes.isEmpty()) {
            scope.forgetWakes(slot);
            if (waits != null) {
                waits.over(new Waits.Waiter(scope, slot), wakes);
            }
        }
    }

    /** Tells others what the run waits for, and what it waits for no longer. */
    void reachOut() {
        if (waits != null) {
            waits.takeOver().forEach(outside -> execution.runtime().withdraw(execution, outside));
            waits.takeBegun().forEach(outside -> execution.runtime().reach(execution, outside));
        }
    }

    @Nullable
    Woken woken(Scope scope, int slot) {
        return scope.machine().isResumed(slot) ? scope.wokenBy(slot) : null;
    }

    Waits waits() {
        Waits all = waits;
        if (all == null) {
            all = new Waits();
            waits = all;
        }
        return all;
    }
}
