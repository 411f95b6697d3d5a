package io.automationhub.engine.internal.machine;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The machines of one run: that of the workflow, and one for each iteration of a group that goes on. It says which of
 * them has something to do and which is due first, and holds what they share: the time, how many attempts run, and who
 * ended the run. What only runs with groups need is made with the first iteration.
 */
public final class MachineTree {

    private final Machine root;

    /** The time of the last event, in nanoseconds since the start of the run. */
    long now;

    /** How many attempts that are not inline run in all machines together. */
    int running;

    /** Whether nothing new begins until {@link #resume}. */
    boolean paused;

    /** Whether nothing new begins until {@link #release}. */
    private boolean held;

    /** How many further attempts that are not inline the owner allows; negative if it does not count them. */
    private int permits = -1;

    private @Nullable Iterations iterations;
    private Machine current;
    private @Nullable Machine stopMachine;
    private int stopSlot = -1;
    private @Nullable CompensationRun compensation;

    /** What only runs with groups need. */
    private static final class Iterations {

        /** Machines that may have something to do. */
        final Deque<Machine> queue = new ArrayDeque<>();

        /** Machines that could do something if fewer attempts ran. */
        final Deque<Machine> crowded = new ArrayDeque<>();

        final TreeSet<Machine> due = new TreeSet<>(Comparator.<Machine>comparingLong(machine -> machine.noted)
                .thenComparingLong(machine -> machine.serial));

        long count;
    }

    /**
     * A run that has not begun.
     *
     * @param seed where the randomness of retry delays comes from
     */
    public MachineTree(Plan plan, long seed) {
        root = new Machine(this, plan, seed, null, 0);
        current = root;
    }

    /** The machine of the workflow itself. */
    public Machine root() {
        return root;
    }

    /** The machine that the last command of {@link #next} came from. */
    public Machine current() {
        return current;
    }

    /** The next thing to do in any machine; {@link Machine#NONE} if there is nothing until something happens. */
    public long next() {
        if (iterations != null) {
            long command = nextOf(iterations);
            if (command != Machine.NONE) {
                return command;
            }
        }
        current = root;
        return root.next();
    }

    private long nextOf(Iterations all) {
        for (Machine machine = first(all); machine != null; machine = first(all)) {
            long command = machine.reported ? Machine.NONE : machine.next();
            if (command != Machine.NONE) {
                current = machine;
                return command;
            }
            all.queue.remove();
            machine.queued = false;
            if (!machine.reported) {
                if (machine.waitsForPlace() && !machine.crowded) {
                    machine.crowded = true;
                    all.crowded.add(machine);
                }
                note(all, machine, machine.nextDue());
            }
        }
        return Machine.NONE;
    }

    /** The machine to look at: the first in the queue, or one that waited until fewer attempts run. */
    private @Nullable Machine first(Iterations all) {
        if (all.queue.isEmpty() && !all.crowded.isEmpty() && mayBegin() && hasPlace()) {
            Machine waiting = all.crowded.remove();
            waiting.crowded = false;
            queue(waiting);
        }
        return all.queue.peek();
    }

    /** Whether anything may begin. */
    public boolean mayBegin() {
        return !paused && !held;
    }

    /** When what runs in a machine that is ending is abandoned; {@link Machine#NEVER} if nothing is. */
    public long graceDue(Machine machine) {
        return machine.graceDue;
    }

    /** Whether one more attempt that is not inline may run. */
    boolean hasPlace() {
        return running < root.plan.maxParallelism && permits != 0;
    }

    /** An attempt that is not inline begins. */
    void takePlace() {
        running++;
        permits -= permits > 0 ? 1 : 0;
    }

    /** From now on attempts that are not inline begin only as they are allowed by {@link #permit}. */
    public void countPermits() {
        permits = 0;
    }

    /** Allows one more attempt that is not inline to begin. */
    public void permit() {
        permits++;
    }

    /** Takes back what was allowed and not used; how many that were. */
    public int takePermitsBack() {
        int unused = permits;
        permits = 0;
        return unused;
    }

    /** Whether an attempt would begin if it was allowed. */
    public boolean wantsPermit() {
        boolean waits = root.waitsForPlace() || iterations != null && !iterations.crowded.isEmpty();
        return waits && permits == 0 && mayBegin() && running < root.plan.maxParallelism;
    }

    /** Lets nothing begin until {@link #release}, of a run that has not started. */
    public void hold() {
        held = true;
    }

    /** Whether nothing begins until {@link #release}. */
    public boolean isHeld() {
        return held;
    }

    /** Lets begin what was held up. */
    public void release() {
        held = false;
    }

    /** The run, which has not started, must have ended by then. */
    public void endBy(long nanos) {
        root.runDue = Math.min(root.runDue, Math.max(0, nanos));
    }

    /**
     * Lets nothing new begin until {@link #resume}. What runs goes on, its end is followed by edges, and time passes.
     *
     * @return false if it is paused, or the run is ending
     */
    public boolean pause() {
        boolean undoing = compensation != null && !compensation.isOver();
        boolean pauses = !paused && (undoing || !root.isEnding() && !root.isFinished());
        paused |= pauses;
        return pauses;
    }

    /** Lets begin what may. False if it is not paused. */
    public boolean resume() {
        boolean resumes = paused;
        paused = false;
        if (resumes) {
            queueIterations(root);
            if (compensation != null) {
                compensation.live().forEach(this::queue);
            }
        }
        return resumes;
    }

    /**
     * Begins to undo what the run did; nothing else of it goes on.
     *
     * @param handlers plans of one node each, in the order in which what they undo was done
     */
    public CompensationRun compensate(List<Plan> handlers) {
        // What undoes a run has all the time it needs.
        root.runDue = Machine.NEVER;
        root.graceDue = Machine.NEVER;
        compensation = new CompensationRun(root, handlers);
        return compensation;
    }

    private void queueIterations(Machine machine) {
        if (machine.groups == null) {
            return;
        }
        for (GroupRun group : machine.groups) {
            if (group != null) {
                for (Machine iteration : group.live()) {
                    queue(iteration);
                    queueIterations(iteration);
                }
            }
        }
    }

    /** When {@link #tick} must be called at the latest; {@link Machine#NEVER} if nothing is due. */
    public long nextDue() {
        long due = root.nextDue();
        return iterations == null || iterations.due.isEmpty() ? due : Math.min(due, iterations.due.first().noted);
    }

    /** Time has passed: does everything that is due. */
    public void tick(long nanos) {
        now = nanos;
        root.tick(nanos);
        Iterations all = iterations;
        while (all != null && !all.due.isEmpty() && all.due.first().noted <= nanos) {
            Machine machine = all.due.first();
            machine.tick(nanos);
            note(all, machine, machine.nextDue());
            queue(machine);
        }
    }

    /** The iterations that may have something to do; the last {@link #tick} may have changed them. */
    public Collection<Machine> queued() {
        return iterations == null ? List.of() : iterations.queue;
    }

    /** The machine in which a {@code stop} node ended the run; null if none did. */
    public @Nullable Machine stopMachine() {
        return stopMachine;
    }

    /** The slot of the {@code stop} node that ended the run; -1 if none did. */
    public int stopSlot() {
        return stopSlot;
    }

    void stoppedBy(Machine machine, int slot) {
        stopMachine = machine;
        stopSlot = slot;
    }

    /** A new machine for one iteration of a group. */
    Machine iteration(GroupRun group, Plan body, int index) {
        Iterations all = iterations;
        if (all == null) {
            all = new Iterations();
            iterations = all;
        }
        long seed = (group.parent().seed * 31 + group.slot()) * 31 + index;
        Machine machine = new Machine(this, body, seed, group, index);
        machine.serial = all.count++;
        return machine;
    }

    /** An iteration may have something to do. */
    void queue(Machine machine) {
        if (!machine.queued && iterations != null) {
            machine.queued = true;
            iterations.queue.add(machine);
        }
    }

    /** Nothing more happens in an iteration. */
    void forget(Machine machine) {
        if (iterations != null) {
            note(iterations, machine, Machine.NEVER);
        }
    }

    private static void note(Iterations all, Machine machine, long due) {
        if (machine.noted == due) {
            return;
        }
        if (machine.noted != Machine.NEVER) {
            all.due.remove(machine);
        }
        machine.noted = due;
        if (due != Machine.NEVER) {
            all.due.add(machine);
        }
    }
}
