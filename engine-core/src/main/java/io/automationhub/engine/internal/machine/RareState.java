package io.automationhub.engine.internal.machine;

import io.automationhub.engine.value.JsonObject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** State of slots that do not simply run once and take their first handle. Made when a run first needs it. */
final class RareState {
    final long[] handles;
    final @Nullable JsonObject[] errors;
    final int[] retries;
    final byte[] endingBy;
    final boolean[] resumed;
    final boolean[] repeated;
    final long[] wakeAt;
    final long[] attemptDue;
    final long[] totalDue;
    final @Nullable Object[] arrived;

    /** Whether the output of a slot is what several others brought to it, or to one before it. */
    final boolean[] gathered;

    final IntRing effects = new IntRing(4);
    final IntRing skipping = new IntRing(8);

    RareState(int size) {
        handles = new long[size];
        Arrays.fill(handles, 1);
        errors = new JsonObject[size];
        retries = new int[size];
        endingBy = new byte[size];
        resumed = new boolean[size];
        repeated = new boolean[size];
        wakeAt = new long[size];
        attemptDue = new long[size];
        totalDue = new long[size];
        arrived = new Object[size];
        gathered = new boolean[size];
        Arrays.fill(wakeAt, Deadlines.NEVER);
        Arrays.fill(attemptDue, Deadlines.NEVER);
        Arrays.fill(totalDue, Deadlines.NEVER);
    }
}
