package io.automationhub.engine;

import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.workflow.Workflow;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A run to be started. Immutable: each method returns a new one.
 *
 * @param input anything with a JSON form
 * @param trigger the id of the trigger to begin at; null to let the workflow decide: its only one, or its manual one
 * @param variables values of workflow variables, in place of their defaults
 * @param key what the host calls what is to be done, such as the number of an order; null for none. Starting the same
 *     twice with the same key is one run, as long as the history knows that run
 * @param priority which run goes first if several wait for a limit: the one with the higher number; null for the
 *     workflow's own
 * @param deadline when it must have ended, or it fails with the kind {@code timeout}; null for no bound. Time in a queue
 *     counts
 * @param tags what the run is found by, such as {@code customer:4711}; runs that it calls have them, too
 */
public record ExecutionRequest(
        Workflow workflow,
        @Nullable Object input,
        @Nullable String trigger,
        Map<String, @Nullable Object> variables,
        @Nullable String key,
        @Nullable Integer priority,
        @Nullable Instant deadline,
        Set<String> tags) {

    /** The most tags that a run may have. */
    public static final int MOST_TAGS = 20;

    public ExecutionRequest {
        variables = variables.isEmpty() ? Map.of() : Collections.unmodifiableMap(new HashMap<>(variables));
        tags = tags.isEmpty() ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(tags));
        tags.forEach(tag -> DocumentStore.check("tag", tag));
        if (tags.size() > MOST_TAGS) {
            throw new IllegalArgumentException("A run may have " + MOST_TAGS + " tags, found " + tags.size());
        }
    }

    /** A run without input. */
    public static ExecutionRequest of(Workflow workflow) {
        return new ExecutionRequest(workflow, null, null, Map.of(), null, null, null, Set.of());
    }

    /** With this input. */
    public ExecutionRequest input(@Nullable Object value) {
        return new ExecutionRequest(workflow, value, trigger, variables, key, priority, deadline, tags);
    }

    /** Beginning at this trigger. */
    public ExecutionRequest trigger(String id) {
        return new ExecutionRequest(workflow, input, id, variables, key, priority, deadline, tags);
    }

    /** With this value of a variable. */
    public ExecutionRequest variable(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new HashMap<>(variables);
        more.put(name, value);
        return new ExecutionRequest(workflow, input, trigger, more, key, priority, deadline, tags);
    }

    /** Once for all starts with this key: a further one gets the run of the first. */
    public ExecutionRequest key(String name) {
        return new ExecutionRequest(workflow, input, trigger, variables, name, priority, deadline, tags);
    }

    /** With this priority in place of the workflow's. */
    public ExecutionRequest priority(int value) {
        return new ExecutionRequest(workflow, input, trigger, variables, key, value, deadline, tags);
    }

    /** To be ended by then. */
    public ExecutionRequest deadline(Instant instant) {
        return new ExecutionRequest(workflow, input, trigger, variables, key, priority, instant, tags);
    }

    /** To be found by this tag, beside those that it has. */
    public ExecutionRequest tag(String name) {
        Set<String> more = new TreeSet<>(tags);
        more.add(name);
        return new ExecutionRequest(workflow, input, trigger, variables, key, priority, deadline, more);
    }
}
