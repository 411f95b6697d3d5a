package io.automationhub.engine.workflow;

/**
 * When a node with several incoming edges runs.
 *
 * @param needed how many edges must be taken; 0 means: when all are resolved and at least one is taken
 */
public record Join(int needed) {

    /** When every incoming edge is resolved and one is taken. The default. */
    public static final Join ALL = new Join(0);

    /** When the first incoming edge is taken. */
    public static final Join ANY = new Join(1);

    /** When {@code count} incoming edges are taken. */
    public static Join count(int count) {
        return new Join(count);
    }
}
