package io.automationhub.engine.store;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One process in a store, from when it joins until it leaves, or until others find that it has died. From then on it can
 * change nothing: what it does fails with {@link FencedException}, and it joins anew. Safe for use by several threads.
 * Methods that say nothing else wait for the store.
 */
public interface StoreMember extends AutoCloseable {

    /** The number of the process, which no other one ever has. */
    long process();

    /** A number for a new run. Does not wait. */
    long nextNumber();

    // ---------------------------------------------------------------- writing

    /**
     * Makes turns durable, all or none of them, soon and together with those of other runs. Does not wait.
     *
     * @param commits the turn of one run, and behind it the beginnings of others that follow from it
     * @param outcome is told once, on a thread of the store
     */
    void commit(List<RunCommit> commits, Outcome outcome);

    /** What becomes of a commit. Quick, because it is called on the thread that writes. */
    interface Outcome {

        /** It is durable. */
        void durable();

        /** Nothing was written: there is that run already, or one that was begun with the same key before. */
        void repeated(String firstExecution);

        /** Nothing was written: others have found that the process has died. */
        void fenced();

        /** Nothing was written, and trying again would not help. */
        void refused(RuntimeException cause);
    }

    /** Keeps a message for a run. False if the run is unknown or has ended. */
    boolean send(String tenant, RunCommit.Addressed message);

    /**
     * Puts a run of this process aside, because it cannot go on: nobody takes it until it is released.
     *
     * @param problem why, and what to do
     */
    void putAside(long number, String problem);

    // ---------------------------------------------------------------- taking runs

    /**
     * Takes runs that are due and that nobody has.
     *
     * @param most how many at most
     * @param runnable whether the process can run a workflow
     */
    List<ClaimedRun> claim(int most, Predicate<Workflow> runnable);

    /** Takes one run, due or not; empty if somebody has it, it has ended, is put aside or is unknown. */
    Optional<ClaimedRun> claim(String tenant, String executionId, Predicate<Workflow> runnable);

    /** The messages that were kept for runs of this process and are not heard; some may have been delivered before. */
    List<ClaimedRun.Delivered> messages();

    /** Says that the process lives, and asks what time it is in the store. */
    Time beat();

    /**
     * What time it was in the store at one moment.
     *
     * @param nanos the moment, by {@link System#nanoTime}
     * @param micros the time, in microseconds since 1970
     * @param errorNanos the most by which the moment may be another one
     */
    record Time(long nanos, long micros, long errorNanos) {}

    /** When the last beat was sent that counts, by {@link System#nanoTime}. Every write is one. Does not wait. */
    long lastBeatNanos();

    /**
     * Hands on the runs of processes that have not said for {@code ttl} that they live.
     *
     * @param mostCrashes a run of so many processes that died is put aside
     * @return how many runs
     */
    int reap(Duration ttl, int mostCrashes);

    // ---------------------------------------------------------------- limits

    /**
     * The runs of a workflow that has a limit.
     *
     * @param tenant whose they are
     * @param workflow the workflow's id
     */
    record Line(String tenant, String workflow) {}

    /**
     * Asks for places under named limits and gives others back, and lets runs begin that wait in the line of their workflow as
     * far as its limit allows: each hears a {@link io.automationhub.engine.event.RunMessage.Admitted}. What is asked and given
     * back twice counts once.
     *
     * @param asked for attempts of this process
     * @param givenBack by attempts of this process, whether they had places or waited
     * @param lines where a run has come or ended
     * @return the tickets of all attempts of this process that have their places
     */
    Set<Long> limits(Collection<LimitClaim> asked, Collection<LimitClaim> givenBack, Collection<Line> lines);

    /** The names of a claim under which no place is free now. */
    Set<String> full(LimitClaim claim);

    /** How many runs are before a run in the line of its workflow; -1 if it is in none. */
    int ahead(long number);

    // ---------------------------------------------------------------- signals with a key

    /**
     * Brings a signal to the node that has waited for its name and the key longest, or keeps it.
     *
     * @param until how long it is kept
     */
    SignalReceipt signal(String tenant, String key, Woken.BySignal signal, Instant until);

    /** Brings kept signals to nodes that wait for them. */
    void match(String tenant, String name, String key);

    /** A signal came to its node in vain: it is brought to the next one, or kept before the others. */
    void putBack(String tenant, String key, Woken.BySignal signal);

    /** Leaves: nothing more is written, and the runs that the process still has are due at once. */
    @Override
    void close();

    /** Others have found that the process has died, and have taken its runs. */
    final class FencedException extends EngineException {

        private static final long serialVersionUID = 1L;

        public FencedException(long process) {
            super("Process " + process + " has not said in time that it lives, so others have taken its runs; what it"
                    + " still does is not written, and it joins the store anew");
        }
    }
}
