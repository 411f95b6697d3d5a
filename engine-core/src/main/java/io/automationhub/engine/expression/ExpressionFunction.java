package io.automationhub.engine.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function of the expression language, with what its documentation, its tests and an editor's completion need. It is
 * called as {@code namespace:name(a, b)}, {@code name(a, b)} or {@code a.name(b)}; of several functions with one name the
 * last two forms take the one for the type of {@code a}. Immutable.
 *
 * @param namespace the group it belongs to
 * @param name an identifier
 * @param parameters what it takes, the receiver first; optional ones stand last
 * @param variadic whether the last parameter may be given any number of times
 * @param result what it gives
 * @param description what it does, in a sentence
 * @param examples expressions with the value of each; the test of the library evaluates them
 * @param body what it does; must be safe for use by several threads
 */
public record ExpressionFunction(
        String namespace,
        String name,
        List<Parameter> parameters,
        boolean variadic,
        ValueType result,
        String description,
        List<Example> examples,
        FunctionBody body) {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

    /** The namespace of functions that were given none. */
    static final String HOST = "host";

    public ExpressionFunction {
        parameters = List.copyOf(parameters);
        examples = List.copyOf(examples);
    }

    /**
     * What a function takes.
     *
     * @param choices the only texts that are allowed; empty for all
     */
    public record Parameter(String name, ValueType type, boolean optional, List<String> choices) {}

    /** An expression without data, and its value as an expression. */
    public record Example(String expression, String value) {}

    /**
     * A function to be described: {@code named("money:vat").takes("amount", NUMBER).gives(NUMBER)…}.
     *
     * @throws IllegalArgumentException if the name is no identifier, or one with a namespace before it
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** The receiver, or first argument; null if it takes none. */
    public @Nullable Parameter receiver() {
        return parameters.isEmpty() ? null : parameters.get(0);
    }

    /** How it is called, as in {@code text.pad(length, [with])}. */
    public String signature() {
        StringBuilder text =
                new StringBuilder(namespace).append(':').append(name).append('(');
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            String shown = parameter.name() + (variadic && i == parameters.size() - 1 ? "…" : "");
            text.append(i == 0 ? "" : ", ").append(parameter.optional() ? "[" + shown + "]" : shown);
        }
        return text.append(')').toString();
    }

    int leastArguments() {
        return (int)
                parameters.stream().filter(parameter -> !parameter.optional()).count();
    }

    boolean takes(int count) {
        return count >= leastArguments() && (variadic || count <= parameters.size());
    }

    /** The parameter that the argument at a position belongs to. */
    Parameter parameter(int position) {
        return parameters.get(Math.min(position, parameters.size() - 1));
    }

    /** Describes a function. Not for use by several threads. */
    public static final class Builder {

        private final String namespace;
        private final String name;
        private final List<Parameter> parameters = new ArrayList<>();
        private final List<Example> examples = new ArrayList<>();
        private boolean variadic;
        private ValueType result = ValueType.ANY;
        private String description = "";

        private Builder(String qualified) {
            int colon = qualified.indexOf(':');
            namespace = colon < 0 ? HOST : qualified.substring(0, colon);
            name = qualified.substring(colon + 1);
            if (!IDENTIFIER.matcher(namespace).matches()
                    || !IDENTIFIER.matcher(name).matches()) {
                throw new IllegalArgumentException("Cannot name a function '" + qualified
                        + "'; use an identifier (ASCII letters, digits, _), or namespace:identifier");
            }
        }

        /** A value that must be given; the first is the receiver. */
        public Builder takes(String parameter, ValueType type) {
            parameters.add(new Parameter(parameter, type, false, List.of()));
            return this;
        }

        /** A text that must be given and is one of these. */
        public Builder takesOneOf(String parameter, List<String> choices) {
            parameters.add(new Parameter(parameter, ValueType.TEXT, false, List.copyOf(choices)));
            return this;
        }

        /** A value that may be left out. */
        public Builder mayTake(String parameter, ValueType type) {
            parameters.add(new Parameter(parameter, type, true, List.of()));
            return this;
        }

        /** A text that may be left out and is one of these. */
        public Builder mayTakeOneOf(String parameter, List<String> choices) {
            parameters.add(new Parameter(parameter, ValueType.TEXT, true, List.copyOf(choices)));
            return this;
        }

        /** Any number of further values. */
        public Builder takesMore(String parameter, ValueType type) {
            variadic = true;
            return mayTake(parameter, type);
        }

        /** The type of its result. */
        public Builder gives(ValueType type) {
            result = type;
            return this;
        }

        /** What it does, in a sentence. */
        public Builder does(String sentence) {
            description = sentence;
            return this;
        }

        /** An expression without data, and its value written as an expression. */
        public Builder example(String expression, String value) {
            examples.add(new Example(expression, value));
            return this;
        }

        /** The function. */
        public ExpressionFunction as(FunctionBody body) {
            return new ExpressionFunction(namespace, name, parameters, variadic, result, description, examples, body);
        }
    }
}
