package io.automationhub.engine.expression;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON with expressions in it, compiled. Rendering gives a value; what an expression yields is data and never looked at
 * again. Immutable; any number of threads may render it, each in its own environment.
 *
 * <p>What a text in the JSON is, is said by the JSON Schema that goes with it, in the keyword {@code x-content}:
 * <ul>
 *   <li>{@code literal}: it is what it is, and so is all below it;
 *   <li>{@code template} (the default): {@code {{ … }}} in it are expressions; a text that is a single one yields its
 *       value with its type, any other text yields text;
 *   <li>{@code expression}: it is an expression;
 *   <li>{@code item}: it is an expression over {@code item} and {@code index}, for {@link #each}.
 * </ul>
 * A part with {@code "x-lazy": true} is left out by {@link #render} and evaluated by whoever asks for {@link #at}.
 */
public sealed interface ValueTemplate {

    /** Something in the JSON could not be compiled. {@code pointer} is relative to the compiled JSON (RFC 6901). */
    record Problem(String pointer, int column, String message) {}

    /** Something that does not change. */
    record Constant(@Nullable Object value) implements ValueTemplate {
        @Override
        public @Nullable Object render(Environment environment) {
            return value;
        }
    }

    /** What could not be compiled; a workflow with such a part does not run. */
    record Broken() implements ValueTemplate {
        @Override
        public @Nullable Object render(Environment environment) {
            return null;
        }
    }

    /** A single expression, whose value keeps its type. */
    record Single(Expression expression) implements ValueTemplate {
        @Override
        public @Nullable Object render(Environment environment) {
            return expression.evaluate(environment);
        }
    }

    /** Text with expressions in it: each part is a String or an {@link Expression}. */
    record Text(List<Object> parts) implements ValueTemplate {
        @Override
        public Object render(Environment environment) {
            StringBuilder text = new StringBuilder();
            for (Object part : parts) {
                String piece = part instanceof Expression expression
                        ? Operators.text(expression.evaluate(environment), 1)
                        : (String) part;
                if (text.length() + (long) piece.length() > Operators.MAX_TEXT) {
                    throw new ExpressionException(
                            1, "The text would be longer than " + Operators.MAX_TEXT + " characters");
                }
                text.append(piece);
            }
            return text.toString();
        }
    }

    /**
     * An object of templates.
     *
     * @param rendered those of them that are not lazy
     * @param shape their keys
     */
    record Members(Map<String, ValueTemplate> members, List<ValueTemplate> rendered, JsonObject.Shape shape)
            implements ValueTemplate {

        static Members of(Map<String, ValueTemplate> members) {
            List<String> keys = new ArrayList<>();
            List<ValueTemplate> rendered = new ArrayList<>();
            members.forEach((key, member) -> {
                if (!(member instanceof Lazy)) {
                    keys.add(key);
                    rendered.add(member);
                }
            });
            return new Members(members, rendered, JsonObject.Shape.of(keys));
        }

        @Override
        public Object render(Environment environment) {
            @Nullable Object[] values = new @Nullable Object[rendered.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = rendered.get(i).render(environment);
            }
            return shape.object(values);
        }
    }

    /** A list of templates. */
    record Elements(List<ValueTemplate> elements) implements ValueTemplate {
        @Override
        public Object render(Environment environment) {
            @Nullable Object[] values = new @Nullable Object[elements.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = elements.get(i).render(environment);
            }
            return JsonArray.of(values);
        }
    }

    /** A part that is rendered only on demand. */
    record Lazy(ValueTemplate content) implements ValueTemplate {
        @Override
        public @Nullable Object render(Environment environment) {
            return content.render(environment);
        }
    }

    /**
     * The value.
     *
     * @throws ExpressionException if an expression does not fit the data
     */
    @Nullable
    Object render(Environment environment);

    /**
     * This template for one element of a list after the other, each of which is {@code item} in it. For one thread.
     */
    default ItemFunction each(Environment environment) {
        Evaluation scope = Evaluation.in(environment).scope();
        return (item, index) -> render(scope.anew(item, index));
    }

    /** The part under the given keys (String) and positions (Integer); a constant null if there is none. */
    default ValueTemplate at(Object... path) {
        ValueTemplate part = this;
        for (Object key : path) {
            part = part.child(key);
        }
        return part;
    }

    private ValueTemplate child(Object key) {
        ValueTemplate here = this instanceof Lazy lazy ? lazy.content() : this;
        if (here instanceof Members members && key instanceof String name) {
            return members.members().getOrDefault(name, new Constant(null));
        }
        if (here instanceof Elements list
                && key instanceof Integer at
                && at >= 0
                && at < list.elements().size()) {
            return list.elements().get(at);
        }
        if (here instanceof Constant constant && constant.value() instanceof JsonObject object) {
            return new Constant(object.get(key));
        }
        if (here instanceof Constant constant
                && constant.value() instanceof JsonArray array
                && key instanceof Integer at) {
            return new Constant(at >= 0 && at < array.size() ? array.get(at) : null);
        }
        return new Constant(null);
    }

    /**
     * Compiles JSON. What cannot be compiled is reported and yields null when rendered.
     *
     * @param schema the JSON Schema of {@code json}; the empty object if there is none
     * @param expressions knows what the expressions may refer to and call
     * @param observer told of everything that cannot be compiled, and of what is
     */
    static ValueTemplate compile(
            @Nullable Object json, JsonObject schema, ExpressionCompiler expressions, Observer observer) {
        return new TemplateCompiler(expressions, observer).compile(json, schema, "");
    }

    /** Hears what a compiler meets. */
    @FunctionalInterface
    interface Observer {

        /** Something could not be compiled. */
        void problem(Problem problem);

        /** An expression was compiled; its source begins at a column of the text at a pointer. */
        default void compiled(Expression expression, String pointer, int column) {}
    }
}
