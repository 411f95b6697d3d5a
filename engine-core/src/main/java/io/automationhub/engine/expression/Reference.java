package io.automationhub.engine.expression;

import java.util.List;

/** What an expression may refer to. */
public sealed interface Reference {

    /** The run's input: {@code input}. */
    record Input() implements Reference {}

    /** The output of the predecessor: {@code previous}. */
    record Previous() implements Reference {}

    /** A workflow variable: {@code vars.name} or {@code name}. */
    record Variable(String name) implements Reference {}

    /** An earlier node's result: {@code nodes.id.output}, {@code .status}, {@code .error}. */
    record Node(String id, Part part) implements Reference {}

    /** The innermost group's {@code item}, {@code index} or {@code last} result. */
    record Iteration(String name) implements Reference {}

    /** An enclosing group's {@code groups.id.item}, {@code .index} or {@code .last}. */
    record Group(String id, String name) implements Reference {}

    /** The token with which somebody outside decides an approval: {@code approvals.id.token}. */
    record Approval(String id) implements Reference {}

    /** Facts about the run: {@code execution}. */
    record Execution() implements Reference {}

    /** Facts about the workflow: {@code workflow}. */
    record Workflow() implements Reference {}

    /** A part of a node's result. */
    enum Part {
        /** What the node returned; null unless it succeeded. */
        OUTPUT,
        /** Its status in lower case; null before it ended. */
        STATUS,
        /** Its error; null unless it failed. */
        ERROR,
        /** The errors of items that a group lived with; null of a node that is no group. */
        ERRORS
    }

    /**
     * Where an expression refers to something.
     *
     * @param column where in its source, from 1
     * @param guarded whether its absence is provided for: by {@code ?.}, {@code ??} or the like
     * @param path the fields (String) and positions (Long) that are read below it, as far as they are constant
     */
    record Use(Reference reference, int column, boolean guarded, List<Object> path) {

        public Use {
            path = List.copyOf(path);
        }
    }
}
