package io.automationhub.engine.expression;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of an expression that calls functions: what it has used of its bounds, and which element {@code item}
 * and {@code index} mean just now. Used by one thread.
 */
final class Evaluation implements Environment {

    /** Characters that the functions of one expression may produce; about a second's work. */
    static final long MAX_WORK = 50_000_000;

    /** An element takes the time and room of so many characters. */
    static final long ELEMENT = 8;

    private final Environment root;
    private final Evaluation top;
    private final boolean hasItem;
    private long work;
    private @Nullable Object item;
    private long index;

    private Evaluation(Environment root, @Nullable Evaluation top, boolean hasItem) {
        this.root = root;
        this.top = top == null ? this : top;
        this.hasItem = hasItem;
    }

    /** The evaluation that {@code environment} is, or one that begins in it. */
    static Evaluation in(Environment environment) {
        return environment instanceof Evaluation evaluation ? evaluation : new Evaluation(environment, null, false);
    }

    /** An evaluation in which {@code item} and {@code index} can be set, and whose work counts with this one's. */
    Evaluation scope() {
        return new Evaluation(root, top, true);
    }

    Evaluation with(@Nullable Object element, long position) {
        item = element;
        index = position;
        return this;
    }

    /** This scope for another element, which has the bounds of an expression to itself. */
    Evaluation anew(@Nullable Object element, long position) {
        top.work = 0;
        return with(element, position);
    }

    boolean hasItem() {
        return hasItem;
    }

    @Nullable
    Object item() {
        return item;
    }

    long index() {
        return index;
    }

    void charge(long units, int column) {
        top.work += units;
        if (top.work > MAX_WORK) {
            throw new ExpressionException(
                    column,
                    "The functions of this expression produce more than " + MAX_WORK + " characters, or "
                            + MAX_WORK / ELEMENT + " elements; do it in several nodes, or filter before");
        }
    }

    @Override
    public @Nullable Object read(int slot) {
        return root.read(slot);
    }

    @Override
    public long epochMicros() {
        return root.epochMicros();
    }

    @Override
    public RandomGenerator random() {
        return root.random();
    }
}
