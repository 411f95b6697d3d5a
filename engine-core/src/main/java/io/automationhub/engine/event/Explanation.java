package io.automationhub.engine.event;

import io.automationhub.engine.error.ExecutionError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a run is where it is: everything that it waits for, and how far it has come.
 *
 * @param reasons what it waits for now; empty if it has ended
 */
public record Explanation(
        String execution, String workflow, ExecutionStatus status, List<Reason> reasons, Progress progress) {

    public Explanation {
        reasons = List.copyOf(reasons);
    }

    /** One thing that a run waits for. {@link #toString} says it as a sentence. */
    public sealed interface Reason {}

    /** Nothing new begins until somebody resumes it. */
    public record Paused() implements Reason {
        @Override
        public String toString() {
            return "The run is paused; it goes on when somebody resumes it";
        }
    }

    /**
     * As many runs of the workflow are unfinished as may be.
     *
     * @param ahead how many runs in the queue are before it
     */
    public record Queued(int limit, int ahead) implements Reason {
        @Override
        public String toString() {
            return "The run is queued: " + limit + " runs of its workflow are unfinished, which is its limit, and "
                    + ahead + " are before it";
        }
    }

    /**
     * The run is not with this process.
     *
     * @param owner the process that has it; null if none does
     * @param due when a process takes it; null if it waits for something else than time
     * @param crashes how many processes died that had it
     * @param problem why it was put aside; null if it was not
     */
    public record Elsewhere(
            @Nullable String owner,
            @Nullable Instant due,
            int crashes,
            @Nullable String problem) implements Reason {
        @Override
        public String toString() {
            String died = crashes == 0 ? "" : "; " + crashes + " processes died that had it";
            if (problem != null) {
                return "The run was put aside, and no process takes it until somebody releases it: " + problem + died;
            }
            return (owner != null
                            ? "The run is with the process '" + owner + "'"
                            : due != null
                                    ? "The run is with no process; one that has its node types takes it from " + due
                                            + " on"
                                    : "The run is with no process, and waits for a message")
                    + died;
        }
    }

    /** No process has the run, and this one cannot take it, because it lacks types of its nodes. */
    public record MissingTypes(List<String> types) implements Reason {

        public MissingTypes {
            types = List.copyOf(types);
        }

        @Override
        public String toString() {
            return "This process cannot take the run, because it lacks the node types " + String.join(", ", types)
                    + "; register them, or start a process that has them";
        }
    }

    /** An attempt runs. */
    public record Running(String node, String iteration, int attempt, Instant since) implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " runs since " + since + ", in attempt " + attempt;
        }
    }

    /** An attempt was asked to end and has not. */
    public record Ending(String node, String iteration, int attempt, Instant until) implements Reason {
        @Override
        public String toString() {
            return "Attempt " + attempt + " of " + lower(place(node, iteration))
                    + " was asked to end; it is abandoned if it has not by " + until;
        }
    }

    /** An attempt was asked to end, has not, and was given up; its thread still runs. */
    public record Abandoned(String node, String iteration, int attempt) implements Reason {
        @Override
        public String toString() {
            return "Attempt " + attempt + " of " + lower(place(node, iteration))
                    + " was abandoned, because it did not end when it was asked to; its thread still runs";
        }
    }

    /** A node waits for an instant. */
    public record WaitingForTime(String node, String iteration, Instant until) implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " waits until " + until;
        }
    }

    /**
     * A node waits for signals.
     *
     * @param key null for signals to the run
     */
    public record WaitingForSignal(
            String node,
            String iteration,
            List<String> names,
            @Nullable String key) implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " waits for the signal " + quoted(names)
                    + (key == null ? "" : " with the key '" + key + "'");
        }
    }

    /** A node waits for somebody to complete a name. */
    public record WaitingForCompletion(String node, String iteration, String name) implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " waits for somebody to complete '" + name + "'";
        }
    }

    /** A node waits for a decision. */
    public record WaitingForApproval(String node, String iteration, String title, List<String> assignees)
            implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " waits for a decision: " + title
                    + (assignees.isEmpty() ? "" : "; asked are " + quoted(assignees));
        }
    }

    /** A node waits for the end of another run. */
    public record WaitingForRun(String node, String iteration, String execution, String workflow) implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " waits for the execution '" + execution + "' of workflow '" + workflow
                    + "'";
        }
    }

    /**
     * A distributed group waits for a batch of its iterations, which are runs of their own.
     *
     * @param first the position of the first of them
     * @param count how many they are
     */
    public record WaitingForIterations(String node, String iteration, int first, int count) implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " waits for the runs of " + count + " items, from item " + first + " on";
        }
    }

    /** An attempt failed, and the next one begins later. */
    public record WaitingForRetry(String node, String iteration, int attempt, Instant at, ExecutionError error)
            implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " is tried again at " + at + ", because attempt " + attempt + " failed: "
                    + error.message();
        }
    }

    /** A node may begin, but as many attempts of the run take a thread as may. */
    public record WaitingForPlace(String node, String iteration, int maxParallelism) implements Reason {
        @Override
        public String toString() {
            return place(node, iteration) + " waits until fewer than " + maxParallelism
                    + " attempts of the run are under way, which is its maxParallelism";
        }
    }

    /**
     * Nodes may begin, but as many attempts run, or have begun, under a limit that the workflow names as may.
     *
     * @param per the time of a rate; null if attempts at the same time are counted
     */
    public record WaitingForLimit(
            String name, int most, @Nullable Duration per) implements Reason {
        @Override
        public String toString() {
            return "The run waits until fewer than " + most + " attempts "
                    + (per == null ? "run" : "have begun within " + per) + " under the limit '" + name + "'";
        }
    }

    /** The run's thread is at work and does not answer: an inline node takes long. */
    public record Busy() implements Reason {
        @Override
        public String toString() {
            return "The run is at work and does not answer; an inline node may take long";
        }
    }

    /**
     * How far a run has come.
     *
     * @param endedNodes how many nodes outside of groups have ended
     * @param nodes how many there are
     * @param groups the groups that go on, and how far they are
     * @param estimatedEnd when it probably ends, from earlier runs of the same workflow; null if they do not tell
     */
    public record Progress(
            int endedNodes,
            int nodes,
            List<GroupProgress> groups,
            @Nullable Instant estimatedEnd) {

        public Progress {
            groups = List.copyOf(groups);
        }
    }

    /**
     * How far a group has come.
     *
     * @param endedIterations how many iterations have ended
     * @param iterations how many there will be; -1 if nobody knows
     */
    public record GroupProgress(String node, String iteration, int endedIterations, int iterations) {}

    /** All of it, one reason in a line. */
    @Override
    public String toString() {
        String head = "Execution '" + execution + "' of workflow '" + workflow + "' is " + status.text() + "; "
                + progress.endedNodes() + " of " + progress.nodes() + " nodes have ended";
        return reasons.isEmpty()
                ? head
                : head + reasons.stream().map(reason -> "\n  " + reason).collect(Collectors.joining());
    }

    private static String place(String node, String iteration) {
        return "Node '" + node + "'" + (iteration.isEmpty() ? "" : " in iteration " + iteration);
    }

    private static String lower(String place) {
        return "n" + place.substring(1);
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }
}
