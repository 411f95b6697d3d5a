package io.automationhub.engine.internal.machine;

/** What a slot of a machine is doing. Plain numbers, because a run has an array of them. */
public final class Status {

    /** Waits for its incoming edges. */
    public static final byte PENDING = 0;

    /** May run; stands in a ring. */
    public static final byte READY = 1;

    /** An attempt runs. */
    public static final byte RUNNING = 2;

    /** An attempt runs and was asked to end. */
    public static final byte ENDING = 3;

    /** No attempt runs; a wake will resume the last one. */
    public static final byte SUSPENDED = 4;

    /** No attempt runs; the next one begins when its time has come. */
    public static final byte BACKOFF = 5;

    /** Ended with an output. */
    public static final byte SUCCEEDED = 6;

    /** Ended with an error. */
    public static final byte FAILED = 7;

    /** Never ran. */
    public static final byte SKIPPED = 8;

    /** Was cancelled, before or while it ran. */
    public static final byte CANCELLED = 9;

    private Status() {}

    /** Whether nothing more happens in a slot of this status. */
    public static boolean isEnded(byte status) {
        return status >= SUCCEEDED;
    }
}
