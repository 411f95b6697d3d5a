package io.automationhub.ai.tool;

import io.automationhub.ai.model.ModelTool;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that a model may have done: {@code AiModule.builder(…).tool(tool)} makes it known, and each agent names those that it may
 * call. Implementations are safe for use by several threads.
 */
public interface AgentTool {

    /** How long a call may take that says nothing else. */
    Duration TIMEOUT = Duration.ofMinutes(1);

    /** What the model is told of it. Arguments are checked by its schema before a call. */
    ModelTool declaration();

    /**
     * Does it. A call that ended is never made again; one that was under way when its process died is, with the same {@link
     * ToolInvocation#idempotencyKey}.
     *
     * @param arguments that fit the schema
     * @return anything with a JSON form, for the model; a text goes there as it is
     * @throws Exception what went wrong: its message is told to the model, which may try something else
     * @throws java.util.concurrent.CancellationException if the run was cancelled
     */
    @Nullable
    Object call(JsonObject arguments, ToolInvocation invocation) throws Exception;

    /** How long a call may take; its thread is interrupted then, and the model is told. */
    default Duration timeout() {
        return TIMEOUT;
    }

    /** What a tool does, as a lambda. */
    @FunctionalInterface
    interface Function {
        /** As {@link AgentTool#call}. */
        @Nullable
        Object call(JsonObject arguments, ToolInvocation invocation) throws Exception;
    }

    /**
     * A tool that a lambda does.
     *
     * @param name of letters, digits, {@code _} and {@code -}, at most 64
     * @param description when to call it, and what it does
     * @param parameters the JSON Schema of its arguments, an object
     * @throws IllegalArgumentException if the name or the schema is none
     */
    static AgentTool of(String name, String description, JsonObject parameters, Function does) {
        ModelTool declaration = new ModelTool(name, description, parameters);
        return new AgentTool() {
            @Override
            public ModelTool declaration() {
                return declaration;
            }

            @Override
            public @Nullable Object call(JsonObject arguments, ToolInvocation invocation) throws Exception {
                return does.call(arguments, invocation);
            }
        };
    }

    /** What a tool does with arguments of a type. */
    @FunctionalInterface
    interface Typed<A> {
        /** As {@link AgentTool#call}. */
        @Nullable
        Object call(A arguments, ToolInvocation invocation) throws Exception;
    }

    /**
     * A tool that a lambda does, whose arguments are a record: its components are their names and types, with {@link Arg} what they
     * are. Those that are {@code Optional} or {@code @Nullable} may be left out.
     *
     * @param name of letters, digits, {@code _} and {@code -}, at most 64
     * @param description when to call it, and what it does
     * @throws IllegalArgumentException if the name is none, or the type has no JSON Schema
     */
    static <A extends Record> AgentTool of(String name, String description, Class<A> arguments, Typed<A> does) {
        return of(
                name,
                description,
                TypeSchemas.of(arguments),
                (given, invocation) ->
                        does.call(arguments.cast(Objects.requireNonNull(Json.toJava(given, arguments))), invocation));
    }

    /**
     * The methods of an object that are tools: those with {@link Tool}, public or not.
     *
     * @throws IllegalArgumentException if there is none, or one cannot be a tool; the message says why
     */
    static List<AgentTool> methodsOf(Object target) {
        return MethodTool.of(target);
    }
}
