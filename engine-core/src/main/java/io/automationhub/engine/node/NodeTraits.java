package io.automationhub.engine.node;

/**
 * How an executor behaves, declared by its author.
 *
 * @param pure it has no effect outside and may be computed again after a crash
 * @param inline it returns within about a millisecond and never blocks, so it runs on the run's own thread; otherwise
 *     each attempt gets a thread (a virtual one on Java 21 and later)
 */
public record NodeTraits(boolean pure, boolean inline) {

    /** Cheap and without effects: conditions, calculations. */
    public static final NodeTraits PURE_INLINE = new NodeTraits(true, true);

    /** Without effects, but slow or blocking: a large computation, a read. */
    public static final NodeTraits PURE_BLOCKING = new NodeTraits(true, false);

    /** Cheap, with an effect in this process. */
    public static final NodeTraits EFFECTFUL_INLINE = new NodeTraits(false, true);

    /** With effects, and blocking: everything that talks to the world. The default. */
    public static final NodeTraits EFFECTFUL_BLOCKING = new NodeTraits(false, false);
}
