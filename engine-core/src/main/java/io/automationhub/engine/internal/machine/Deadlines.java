package io.automationhub.engine.internal.machine;

import java.util.Arrays;

/**
 * When something is due for which slot: a heap ordered by time, each slot at most once in force. An entry that was
 * replaced stays in the heap until it comes to the top, and is recognised there.
 */
final class Deadlines {

    static final long NEVER = Long.MAX_VALUE;

    /** The time in force of each slot. */
    private final long[] due;

    private long[] times = new long[2];
    private int[] slots = new int[2];
    private int size;

    Deadlines(int capacity) {
        due = new long[capacity];
        Arrays.fill(due, NEVER);
    }

    void set(int slot, long time) {
        if (due[slot] == time) {
            return;
        }
        due[slot] = time;
        if (time != NEVER) {
            push(time, slot);
        }
    }

    long get(int slot) {
        return due[slot];
    }

    /** The earliest time in force. */
    long next() {
        while (size > 0 && due[slots[0]] != times[0]) {
            removeFirst();
        }
        return size == 0 ? NEVER : times[0];
    }

    /** Takes out the slot that is due first and not after {@code now}; -1 if there is none. */
    int poll(long now) {
        if (next() > now) {
            return -1;
        }
        int slot = slots[0];
        removeFirst();
        due[slot] = NEVER;
        return slot;
    }

    private void push(long time, int slot) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            slots = Arrays.copyOf(slots, size * 2);
        }
        int at = size++;
        while (at > 0 && before(time, slot, (at - 1) / 2)) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        times[at] = time;
        slots[at] = slot;
    }

    private void removeFirst() {
        long time = times[--size];
        int slot = slots[size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && before(times[child + 1], slots[child + 1], child)) {
                child++;
            }
            if (!before(times[child], slots[child], time, slot)) {
                break;
            }
            move(child, at);
            at = child;
        }
        times[at] = time;
        slots[at] = slot;
    }

    private boolean before(long time, int slot, int at) {
        return before(time, slot, times[at], slots[at]);
    }

    /** Equal times go by slot, so that the order does not depend on the heap's history. */
    private static boolean before(long timeA, int slotA, long timeB, int slotB) {
        return timeA < timeB || timeA == timeB && slotA < slotB;
    }

    private void move(int from, int to) {
        times[to] = times[from];
        slots[to] = slots[from];
    }
}
