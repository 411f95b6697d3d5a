package io.automationhub.engine.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that the simulator would notice: each one-line mistake in the machine is found within 20,000 graphs. */
@Tag("campaign")
class MutantTest {

    private static final int GRAPHS = 20_000;

    private static Mutant machine(String name, String original, String mistake) {
        return new Mutant(name, "Machine.java", original, mistake);
    }

    static Stream<Mutant> mutants() {
        return Stream.of(
                machine(
                        "a counting join fires one edge early",
                        "} else if (taken >= needed) {",
                        "} else if (taken + 1 >= needed) {"),
                machine(
                        "an all-join fires at its first taken edge",
                        "if (open == 0) {",
                        "if (open == 0 || taken > 0) {"),
                machine(
                        "a dead edge is lost",
                        "joins[target] - 1 + (taken ? TAKEN_ONE : 0)",
                        "joins[target] + (taken ? TAKEN_ONE - 1 : 0)"),
                machine(
                        "a join is skipped too early",
                        "} else if (taken + open < needed) {",
                        "} else if (taken + open <= needed) {"),
                machine("skipping does not go on", "rare().skipping.add(slot);", "rare();"),
                machine(
                        "an edge into an ended node counts",
                        "if (status[target] != Status.PENDING) {",
                        "if (status[target] == Status.SUCCEEDED) {"),
                machine("one attempt too many", "attempt < policy.maxAttempts()", "attempt <= policy.maxAttempts()"),
                machine(
                        "what cannot be retried is retried",
                        "outcome == Outcome.RUNNING && retriable &&",
                        "outcome == Outcome.RUNNING &&"),
                machine(
                        "a retry runs beyond totalTimeout",
                        "retryAt < totalDue(slot) && retryAt < tree.root().runDue",
                        "retryAt < tree.root().runDue"),
                machine(
                        "continue takes the error handle",
                        "case CONTINUE -> plan.defaultHandle(slot);",
                        "case CONTINUE -> 1L << Plan.ERROR_HANDLE;"),
                machine(
                        "route goes on by the first handle",
                        "case ROUTE -> 1L << Plan.ERROR_HANDLE;",
                        "case ROUTE -> 1;"),
                machine("cancelRest cancels nothing", "cancelNode(other);", ""),
                new Mutant(
                        "one attempt more than maxParallelism",
                        "MachineTree.java",
                        "return running < root.plan.maxParallelism && permits",
                        "return running <= root.plan.maxParallelism && permits"),
                machine("an ended attempt still counts as running", "tree.running--;", ""),
                machine(
                        "a failing run waits for ever",
                        "graceDue = active > 0 ? later(tree.now, plan.graceNanos) : NEVER;",
                        "graceDue = NEVER;"),
                machine(
                        "a wait survives the end of the run",
                        "case Status.SUSPENDED, Status.BACKOFF -> end(slot, Status.CANCELLED);\n                case Status.RUNNING -> requestEnd(slot, BY_CANCEL);\n                case Status.ENDING -> {",
                        "case Status.RUNNING -> requestEnd(slot, BY_CANCEL);\n                case Status.ENDING -> {"),
                machine("going on after a wait counts as an attempt", "state.resumed[slot] = true;", ""),
                machine("an any-join forgets what arrived", "rare().arrived[slot] = gather(slot);", ""),
                machine(
                        "a failure with a way out fails the run",
                        "if (end == Status.FAILED && handles == 0) {",
                        "if (end == Status.FAILED) {"),
                machine(
                        "a late result of a timed-out attempt counts",
                        "if (rare().endingBy[slot] == BY_CANCEL) {\n                finish(slot, Status.SUCCEEDED",
                        "if (rare().endingBy[slot] >= 0) {\n                finish(slot, Status.SUCCEEDED"),
                new Mutant(
                        "the rest of a join is only its neighbours",
                        "Plan.java",
                        "outTarget[edge] == join || leads[outTarget[edge]]",
                        "outTarget[edge] == join"),
                new Mutant("a deadline is missed", "Deadlines.java", "if (next() > now) {", "if (next() >= now) {"),
                new Mutant(
                        "a replaced deadline stays in force",
                        "Deadlines.java",
                        "while (size > 0 && due[slots[0]] != times[0]) {",
                        "while (size > 0 && due[slots[0]] == NEVER) {"),
                machine("a group that is to end goes on", "inner.cancel();", ""),
                machine(
                        "a group is abandoned before its iterations",
                        "if (status[slot] == Status.ENDING && groupRun(slot) == null) {",
                        "if (status[slot] == Status.ENDING) {"),
                machine("a stop in a group ends only its iteration", "root.endRun(end);", ""),
                machine("a retry in a group runs beyond the run's time-out", "tree.root().runDue)", "runDue)"),
                new Mutant(
                        "one iteration more than parallel",
                        "ForEachRun.java",
                        "liveCount() < parallel",
                        "liveCount() <= parallel"),
                new Mutant(
                        "a failed item does not fail its group",
                        "ForEachRun.java",
                        "if (onItemError == OnItemError.FAIL) {",
                        "if (onItemError == OnItemError.COLLECT) {"),
                new Mutant(
                        "a loop ends when it should go on",
                        "LoopRun.java",
                        "done = holds != testBefore;",
                        "done = holds == testBefore;"),
                new Mutant(
                        "one iteration more than maxIterations",
                        "LoopRun.java",
                        "if (next == maxIterations) {",
                        "if (next > maxIterations) {"),
                new Mutant(
                        "an item that fails leaves the others alone",
                        "GroupRun.java",
                        "cancelLive();\n        return",
                        "return"),
                new Mutant(
                        "an iteration that waits for a place is forgotten",
                        "MachineTree.java",
                        "if (all.queue.isEmpty() && !all.crowded.isEmpty()",
                        "if (all.crowded.size() > 1"),
                new Mutant(
                        "undoing begins with the first",
                        "CompensationRun.java",
                        "begin(next--);",
                        "begin(handlers.size() - 1 - next--);"),
                new Mutant(
                        "undoing runs side by side",
                        "CompensationRun.java",
                        "if (liveCount() == 0 && next >= 0) {",
                        "while (next >= 0) {"),
                new Mutant(
                        "undoing ends at a failure",
                        "CompensationRun.java",
                        "complete = false;\n        return true;",
                        "complete = false;\n        return false;"),
                new Mutant(
                        "a failed undo counts as done",
                        "CompensationRun.java",
                        "complete = false;\n        return true;",
                        "return true;"),
                new Mutant("undoing cannot be paused", "MachineTree.java", "!paused && (undoing || ", "!paused && ("),
                new Mutant(
                        "undoing is not resumed", "MachineTree.java", "compensation.live().forEach(this::queue);", ""),
                new Mutant(
                        "a retry of undoing is refused after the run's time-out",
                        "MachineTree.java",
                        "root.runDue = Machine.NEVER;",
                        ""),
                new Mutant(
                        "a timer in an iteration is missed",
                        "MachineTree.java",
                        "all.due.first().noted <= nanos",
                        "all.due.first().noted < nanos"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isFound(Mutant mutant) throws Exception {
        long seed = mutant.firstFailure(GRAPHS);
        System.out.println("Mutant '" + mutant + "': found by seed " + seed);
        assertThat(seed).as("first seed that finds '%s'", mutant).isPositive();
    }
}
