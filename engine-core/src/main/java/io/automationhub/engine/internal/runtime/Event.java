package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.Explanation;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.value.JsonObject;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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

    /** Something that somebody waits for an answer to. */
    abstract static sealed class Request<T> extends Event {

        /** Completed when what follows from the request is durable. */
        final CompletableFuture<T> answer = new CompletableFuture<>();

        /** What answers it if the run is with another process by the time it comes; null if only the run can. */
        @Nullable
        Runnable elsewhere;

        /** Does what is asked, and says what is to be answered then. */
        abstract Supplier<T> serve(Execution execution);

        @Override
        final void apply(Execution execution) {
            Supplier<T> served = serve(execution);
            execution.whenDurable(() -> answer.complete(served.get()));
        }
    }

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
    static final class Cancelled extends Request<Boolean> {

        private final boolean compensate;

        Cancelled(boolean compensate) {
            this.compensate = compensate;
        }

        @Override
        Supplier<Boolean> serve(Execution execution) {
            boolean change = execution.cancelled(compensate);
            return () -> change;
        }
    }

    /** Somebody pauses or resumes the run. */
    static final class Paused extends Request<Boolean> {

        final boolean paused;

        Paused(boolean paused) {
            this.paused = paused;
        }

        @Override
        Supplier<Boolean> serve(Execution execution) {
            boolean change = execution.pause(paused);
            return () -> change;
        }
    }

    /** Somebody sends the run a signal. */
    static final class Signalled extends Request<SignalReceipt> {

        final Woken.BySignal signal;

        Signalled(Woken.BySignal signal) {
            this.signal = signal;
        }

        @Override
        Supplier<SignalReceipt> serve(Execution execution) {
            SignalReceipt what = execution.waitingNodes().signalArrived(signal);
            return () -> what;
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
    static final class KeyedSignal extends Request<Boolean> {

        private final Waits.Waiter waiter;
        private final Wake.Signal wake;
        private final Woken.BySignal signal;

        KeyedSignal(Waits.Waiter waiter, Wake.Signal wake, Woken.BySignal signal) {
            this.waiter = waiter;
            this.wake = wake;
            this.signal = signal;
        }

        @Override
        Supplier<Boolean> serve(Execution execution) {
            boolean takes = execution.waitingNodes().keyedSignalArrived(waiter, wake, signal);
            return () -> takes;
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
    static final class Completion extends Request<SignalReceipt> {

        final String name;
        final @Nullable Object value;

        Completion(String name, @Nullable Object value) {
            this.name = name;
            this.value = value;
        }

        @Override
        Supplier<SignalReceipt> serve(Execution execution) {
            SignalReceipt what = execution.waitingNodes().completionArrived(name, value);
            return () -> what;
        }
    }

    /** Somebody decides an approval. */
    static final class Decided extends Request<DecisionReceipt> {

        final ApprovalTokens.Subject subject;
        final JsonObject decision;

        Decided(ApprovalTokens.Subject subject, JsonObject decision) {
            this.subject = subject;
            this.decision = decision;
        }

        @Override
        Supplier<DecisionReceipt> serve(Execution execution) {
            DecisionReceipt what = execution.waitingNodes().decisionArrived(subject, decision);
            return () -> what;
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

    /** A message that was kept for the run came to it. */
    static final class Heard extends Event {

        private final String id;
        private final RunMessage message;

        Heard(String id, RunMessage message) {
            this.id = id;
            this.message = message;
        }

        @Override
        void apply(Execution execution) {
            if (execution.hear(id)) {
                execution.waitingNodes().messageArrived(message);
            }
        }
    }

    /** The run was not kept while it went on, and its process died. */
    static final class Lost extends Event {
        @Override
        void apply(Execution execution) {
            execution.lose();
        }
    }

    /** Nothing has happened in the run for a while: its process may let go of it. */
    static final class Rest extends Event {
        @Override
        void apply(Execution execution) {
            execution.askToRest();
        }
    }

    /** Somebody wants to know why the run is where it is. */
    static final class Explain extends Request<Explanation> {
        @Override
        Supplier<Explanation> serve(Execution execution) {
            return () -> new Explainer(execution).explain();
        }
    }

    /** Somebody wants to see the run as it is. */
    static final class Look extends Request<Snapshot> {
        @Override
        Supplier<Snapshot> serve(Execution execution) {
            return () -> new RunHistory(execution).snapshot();
        }
    }
}
