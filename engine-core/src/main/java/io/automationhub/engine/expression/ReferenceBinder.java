package io.automationhub.engine.expression;

import java.util.Collection;

/** Knows, while an expression is compiled, what it may refer to and in which slot that stands at run time. */
public interface ReferenceBinder {

    /** The slot of {@code reference}, or a negative number if there is no such thing. */
    int slot(Reference reference);

    /** Names that exist where {@code reference} does not, for the message: variables, or ids of nodes. */
    Collection<String> known(Reference reference);
}
