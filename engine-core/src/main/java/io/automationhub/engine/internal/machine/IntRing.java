package io.automationhub.engine.internal.machine;

/** A first-in first-out queue of numbers that grows when it must. */
final class IntRing {

    private int[] items;
    private int head;
    private int tail;

    /** @param capacity how many numbers it holds before it first grows */
    IntRing(int capacity) {
        items = new int[Math.max(2, Integer.highestOneBit(Math.max(1, capacity - 1)) << 1)];
    }

    boolean isEmpty() {
        return head == tail;
    }

    void add(int item) {
        if (tail - head == items.length) {
            grow();
        }
        items[tail++ & (items.length - 1)] = item;
    }

    int take() {
        return items[head++ & (items.length - 1)];
    }

    void clear() {
        head = tail;
    }

    private void grow() {
        int size = tail - head;
        int[] larger = new int[items.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = items[head + i & (items.length - 1)];
        }
        items = larger;
        head = 0;
        tail = size;
    }
}
