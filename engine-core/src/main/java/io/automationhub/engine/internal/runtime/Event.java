package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.value.JsonObject;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened outside a run's writer. It goes through the run's mailbox and is applied by the writer. Who
 * waits for an answer gets it when what follows from the event is durable.
 */
abstract sealed class Event {

    /** The event that was posted before this one. */
    @Nullable
    Event next;

    abstract void apply(Execution execution);

    /** An attempt ended. */
    static final class AttemptEnded extends Event {

        private final Attempt attempt;
        private final @Nullable NodeResult result;
        private final @Nullable Throwable thrown;
        private final long nanos;

        AttemptEnded(Attempt attempt, @Nullable NodeResult result, @Nullable Throwable thrown, long nanos) {
            this.attempt = attempt;
            this.result = result;
            this.thrown = thrown;
            this.nanos = nanos;
        }

        @Override
        void apply(Execution execution) {
            execution.nodeRuns().attemptEnded(attempt, result, thrown, nanos);
        }
    }

    /** Time has passed. What is due is found in every turn. */
    static final class TimeCame extends Event {
        @Override
        void apply(Execution execution) {
            execution.timerFired();
        }
    }

    /** Somebody cancels the run. */
    static final class Cancelled extends Event {

        private final boolean compensate;
        final CompletableFuture<Boolean> changed = new CompletableFuture<>();

        Cancelled(boolean compensate) {
            this.compensate = compensate;
        }

        @Override
        void apply(Execution execution) {
            boolean change = execution.cancelled(compensate);
            execution.whenDurable(() -> changed.complete(change));
        }
    }

    /** Somebody pauses or resumes the run. */
    static final class Paused extends Event {

        final boolean paused;
        final CompletableFuture<Boolean> changed = new CompletableFuture<>();

        Paused(boolean paused) {
            this.paused = paused;
        }

        @Override
        void apply(Execution execution) {
            boolean change = execution.pause(paused);
            execution.whenDurable(() -> changed.complete(change));
        }
    }

    /** Somebody sends the run a signal. */
    static final class Signalled extends Event {

        final Woken.BySignal signal;
        final CompletableFuture<SignalReceipt> receipt = new CompletableFuture<>();

        Signalled(Woken.BySignal signal) {
            this.signal = signal;
        }

        @Override
        void apply(Execution execution) {
            SignalReceipt what = execution.waitingNodes().signalArrived(signal);
            execution.whenDurable(() -> receipt.complete(what));
        }
    }

    /** The run may begin, which waited in the queue of its workflow. */
    static final class Admitted extends Event {
        @Override
        void apply(Execution execution) {
            execution.admitted();
        }
    }

    /** One more attempt may run under the limits that the workflow names. */
    static final class PlaceFree extends Event {
        @Override
        void apply(Execution execution) {
            execution.tree().permit();
        }
    }

    /** A signal with a key was found for a node of the run. */
    static final class KeyedSignal extends Event {

        private final Waits.Waiter waiter;
        private final Wake.Signal wake;
        private final Woken.BySignal signal;
        final CompletableFuture<Boolean> taken = new CompletableFuture<>();

        KeyedSignal(Waits.Waiter waiter, Wake.Signal wake, Woken.BySignal signal) {
            this.waiter = waiter;
            this.wake = wake;
            this.signal = signal;
        }

        @Override
        void apply(Execution execution) {
            boolean takes = execution.waitingNodes().keyedSignalArrived(waiter, wake, signal);
            execution.whenDurable(() -> taken.complete(takes));
        }
    }

    /** A run that a node waits for has ended. */
    static final class ChildEnded extends Event {

        final Woken.ByChild child;

        ChildEnded(Woken.ByChild child) {
            this.child = child;
        }

        @Override
        void apply(Execution execution) {
            execution.waitingNodes().childEnded(child);
        }
    }

    /** Somebody outside completes a name. */
    static final class Completion extends Event {

        final String name;
        final @Nullable Object value;
        final CompletableFuture<SignalReceipt> receipt = new CompletableFuture<>();

        Completion(String name, @Nullable Object value) {
            this.name = name;
            this.value = value;
        }

        @Override
        void apply(Execution execution) {
            SignalReceipt what = execution.waitingNodes().completionArrived(name, value);
            execution.whenDurable(() -> receipt.complete(what));
        }
    }

    /** Somebody decides an approval. */
    static final class Decided extends Event {

        final ApprovalTokens.Subject subject;
        final JsonObject decision;
        final CompletableFuture<DecisionReceipt> receipt = new CompletableFuture<>();

        Decided(ApprovalTokens.Subject subject, JsonObject decision) {
            this.subject = subject;
            this.decision = decision;
        }

        @Override
        void apply(Execution execution) {
            DecisionReceipt what = execution.waitingNodes().decisionArrived(subject, decision);
            execution.whenDurable(() -> receipt.complete(what));
        }
    }

    /** A node computed something once. */
    static final class Once extends Event {

        final Attempt attempt;
        final String name;
        final @Nullable Object value;
        final CompletableFuture<@Nullable Object> durable = new CompletableFuture<>();

        Once(Attempt attempt, String name, @Nullable Object value) {
            this.attempt = attempt;
            this.name = name;
            this.value = value;
        }

        @Override
        void apply(Execution execution) {
            execution.nodeRuns().onceValues().store(this);
        }
    }

    /** Somebody wants to know why the run is where it is. */
    static final class Explain extends Event {

        final CompletableFuture<Explanation> answer = new CompletableFuture<>();

        @Override
        void apply(Execution execution) {
            execution.whenDurable(() -> answer.complete(new Explainer(execution).explain()));
        }
    }

    /** Somebody wants to see the run as it is. */
    static final class Look extends Event {

        final CompletableFuture<Snapshot> answer = new CompletableFuture<>();

        @Override
        void apply(Execution execution) {
            execution.whenDurable(() -> answer.complete(new RunHistory(execution).snapshot()));
        }
    }
}
