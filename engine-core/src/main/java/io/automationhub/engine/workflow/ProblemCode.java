package io.automationhub.engine.workflow;

import io.automationhub.engine.workflow.Problem.Severity;

/** The kinds of problems, with the severity of each and what it means. {@code docs/workflow-file.md} has the table. */
public enum ProblemCode {
    UNREADABLE_FILE(Severity.ERROR, "The file cannot be read."),
    NOT_JSON(Severity.ERROR, "The text is not JSON."),
    DUPLICATE_KEY(Severity.ERROR, "An object has the same key twice."),
    TOO_LARGE(Severity.ERROR, "The document, or something in it, is larger than its limit."),
    TOO_DEEP(Severity.ERROR, "The document is nested deeper than its limit."),
    NOT_A_WORKFLOW(Severity.ERROR, "The document is not an object with the arrays nodes and edges."),
    UNSUPPORTED_FORMAT(Severity.ERROR, "The format is missing or unknown."),
    MISSING_FIELD(Severity.ERROR, "A required field is missing."),
    WRONG_TYPE(Severity.ERROR, "A field has a value of the wrong type or form."),
    UNKNOWN_KEY(Severity.WARNING, "A key in settings, retry or data is unknown and has no effect."),
    INVALID_ID(Severity.ERROR, "An id is empty, too long or has control characters."),
    DUPLICATE_ID(Severity.ERROR, "Two nodes have the same id."),
    DUPLICATE_EDGE(Severity.ERROR, "Two edges have the same source, handle and target."),
    DANGLING_EDGE(Severity.ERROR, "An edge begins or ends at a node that does not exist."),
    UNKNOWN_HANDLE(Severity.ERROR, "An edge begins at a handle that its node does not have."),
    TOO_MANY_HANDLES(Severity.ERROR, "A node has more handles than the machine can hold."),
    DUPLICATE_HANDLE(Severity.ERROR, "A node declares the same handle twice."),
    CYCLE(Severity.ERROR, "Edges form a circle; repetition is a loop group."),
    UNREACHABLE(Severity.WARNING, "A node is never reached from a trigger and never runs."),
    NO_NODES(Severity.ERROR, "There is nothing to run."),
    TRIGGER_REQUIRED(Severity.ERROR, "There are several triggers, none of them manual, and the start names none."),
    UNKNOWN_TRIGGER(Severity.ERROR, "The start names a trigger that does not exist or is disabled."),
    TRIGGER_NOT_FIRST(Severity.ERROR, "An edge leads to a trigger, or a trigger stands in a group."),
    UNKNOWN_TYPE(Severity.ERROR, "No executor is registered for a node's type."),
    NEWER_TYPE(Severity.ERROR, "A node is made for a newer version of its type than the executor knows."),
    INVALID_CONFIG(Severity.ERROR, "A node's configuration lacks something or has a value of the wrong type."),
    INVALID_EXPRESSION(Severity.ERROR, "An expression or a template cannot be compiled."),
    NOT_UPSTREAM(Severity.ERROR, "An expression reads a node that does not run before its own."),
    NOT_ON_EVERY_PATH(
            Severity.WARNING, "An expression reads a node that may not have succeeded, and does not provide for that."),
    UNKNOWN_FIELD(Severity.WARNING, "An expression reads a field that the schema of its value does not have."),
    JOIN_OUT_OF_RANGE(Severity.ERROR, "A join counts fewer than one or more than all incoming edges."),
    ERROR_EDGE_REQUIRED(Severity.ERROR, "A node routes its error, but no edge leaves its error handle."),
    UNUSED_ERROR_EDGE(Severity.WARNING, "An error edge is never taken, because the node's onError does not route."),
    UNSUPPORTED_ON_ERROR(Severity.WARNING, "A node that has no out handle goes on by its first handle."),
    DISABLED_BRANCH(Severity.WARNING, "A disabled node without an out handle passes on by its first handle."),
    UNKNOWN_PARENT(Severity.ERROR, "A node's parentId names no group."),
    PARENT_CYCLE(Severity.ERROR, "Groups contain each other."),
    EDGE_CROSSES_GROUP(Severity.ERROR, "An edge joins nodes of different groups."),
    INVALID_COMPENSATION(Severity.ERROR, "A compensateWith names no node that can undo what its own did."),
    DISTRIBUTED_EFFECT(
            Severity.ERROR, "A node in a distributed forEach sets a variable outside of it, or stops the run."),
    RETRY_ON_GROUP(Severity.ERROR, "A forEach or a loop has retry; only a scope may."),
    INVALID_VARIABLE(Severity.ERROR, "A variable's name is reserved or no identifier, or its default does not fit."),
    UNKNOWN_VARIABLE(Severity.ERROR, "A variable is set that the workflow does not declare."),
    VARIABLE_VALUE(
            Severity.ERROR, "A variable is given a value that does not fit its type, or none though it is required."),
    UNUSED_VARIABLE(Severity.WARNING, "A variable is declared, and nothing reads or sets it."),
    VARIABLE_RACE(Severity.WARNING, "Two nodes that may run at the same time use a variable, and one of them sets it."),
    INVALID_INPUT(Severity.ERROR, "The run's input does not match the workflow's input schema."),
    INVALID_SCHEMA(Severity.ERROR, "The workflow's input schema, or the form of an approval, is not a JSON Schema.");

    private final Severity severity;
    private final String meaning;

    ProblemCode(Severity severity, String meaning) {
        this.severity = severity;
        this.meaning = meaning;
    }

    /** How serious a problem of this kind is. */
    public Severity severity() {
        return severity;
    }

    /** What it means, in one sentence. */
    public String meaning() {
        return meaning;
    }
}
