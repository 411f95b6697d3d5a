package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonObject;
import org.jspecify.annotations.Nullable;

/** Part of a run's log, together with what its ended slots left. */
public final class MachineView {

    private final MachineState machine;
    private final @Nullable RareState rare;
    private final int[] slots;
    private final byte[] kinds;
    private final int from;
    private final int to;

    MachineView(MachineState machine, @Nullable RareState rare, int[] slots, byte[] kinds, int from, int to) {
        this.machine = machine;
        this.rare = rare;
        this.slots = slots;
        this.kinds = kinds;
        this.from = from;
        this.to = to;
    }

    /** The first entry. */
    public int from() {
        return from;
    }

    /** The entry after the last one. */
    public int to() {
        return to;
    }

    /** The kind of an entry. */
    public int kind(int entry) {
        return kinds[entry];
    }

    /** The slot of an entry. */
    public int slot(int entry) {
        return slots[entry];
    }

    /** The status of a slot that ended. */
    public byte status(int slot) {
        return machine.status[slot];
    }

    /** What a slot that ended returned. */
    public @Nullable Object returned(int slot) {
        return machine.output[slot];
    }

    /** The error of a slot that ended; null if it has none. */
    public @Nullable JsonObject error(int slot) {
        return rare == null ? null : rare.errors[slot];
    }

    /** How many attempts of a slot were begun. */
    public int attempt(int slot) {
        return machine.startedAt[slot] == 0 ? 0 : rare == null ? 1 : rare.retries[slot] + 1;
    }

    /** The mask of the handles that a slot took. */
    public long handles(int slot) {
        byte end = status(slot);
        return end != Status.SUCCEEDED && end != Status.FAILED ? 0 : rare == null ? 1 : rare.handles[slot];
    }

    /** When a slot's first attempt began; negative if none did. */
    public long startedAt(int slot) {
        return machine.startedAt[slot] - 1;
    }

    /** When a slot ended. */
    public long endedAt(int slot) {
        return machine.endedAt[slot];
    }
}
