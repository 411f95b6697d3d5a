package io.automationhub.engine.expression;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads fields and indexes one after the other. What is absent reads as null; a step beyond null is an error that names
 * the path, unless the step is {@code ?.} or the whole path has a default, which both give null for all that follows.
 */
final class PathClosure implements Closure {

    private final Closure root;
    private final Step[] steps;

    private PathClosure(Closure root, Step[] steps) {
        this.root = root;
        this.steps = steps;
    }

    @Override
    public @Nullable Object evaluate(Environment environment) {
        Object value = root.evaluate(environment);
        for (Step step : steps) {
            if (value == null) {
                if (step.safe) {
                    return null;
                }
                throw step.beyondNull();
            }
            value = step.read(value, environment);
        }
        return value;
    }

    /** Whether a name is digits, which after a list is a position. */
    static boolean isPosition(String name) {
        return !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The element at a position, a negative one counted from the end; null if there is none. */
    static @Nullable Object element(JsonArray list, long position) {
        long at = position < 0 ? list.size() + position : position;
        return at < 0 || at >= list.size() ? null : list.get((int) at);
    }

    /**
     * A path as it is written up to a step, for messages. Kept as a chain, because a text for each step would make a path
     * of ten thousand steps take a hundred megabytes.
     */
    private record Written(@Nullable Written before, String piece) {

        private static final int MOST = 200;

        Written then(String next) {
            return new Written(this, next);
        }

        /** The end of it, if it is long. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (Written at = this; at != null; at = at.before) {
                if (text.length() > MOST) {
                    return text.insert(0, '…').toString();
                }
                text.insert(0, at.piece);
            }
            return text.toString();
        }
    }

    /** One step: a field by a constant name, or an index by a closure. */
    private record Step(@Nullable String field, @Nullable Closure index, boolean safe, int column, Written before) {

        @Nullable
        Object read(Object value, Environment environment) {
            if (field != null) {
                return value instanceof JsonObject object ? object.get(field) : member(value, field);
            }
            Object key = index == null ? null : index.evaluate(environment);
            if (value instanceof JsonObject object && key != null) {
                return object.get(Json.toText(key));
            }
            if (value instanceof JsonArray list && key instanceof Long position) {
                return element(list, position);
            }
            throw new ExpressionException(
                    column,
                    "'" + before + "' is " + Operators.article(value) + ", which has no element at "
                            + (key == null ? "null" : Json.typeName(key) + " " + Json.write(key)));
        }

        private @Nullable Object member(Object value, String name) {
            if (value instanceof JsonArray list && isPosition(name)) {
                return element(list, Long.parseLong(name));
            }
            throw new ExpressionException(
                    column,
                    "'" + before + "' is " + Operators.article(value) + ", which has no field '" + name + "'"
                            + hint(value, name));
        }

        private String hint(Object value, String name) {
            boolean sized = value instanceof JsonArray || value instanceof String;
            if (sized && (name.equals("length") || name.equals("size"))) {
                return "; what it has is " + before + ".size()";
            }
            return value instanceof JsonArray ? "; choose an element first, as in " + before + "[0]" : "";
        }

        ExpressionException beyondNull() {
            return ExpressionException.absence(
                    column,
                    "'" + before + "' is null, so it has no " + (field == null ? "elements" : "field '" + field + "'")
                            + "; write ?. to get null instead, or give a default with ??");
        }
    }

    /** Collects the steps of a path. */
    static final class Builder {

        private final List<Step> steps = new ArrayList<>();
        private final boolean guarded;
        private Closure root;
        private Written text;
        private boolean safeBefore;

        Builder(Closure root, boolean guarded, String text) {
            this.root = root;
            this.guarded = guarded;
            this.text = new Written(null, text);
        }

        void field(String name, boolean safe, int column) {
            add(name, null, safe, column);
            text = text.then("." + name);
        }

        void index(Closure index, boolean safe, int column) {
            add(null, index, safe, column);
            text = text.then(index instanceof Constant constant ? "[" + Json.write(constant.value()) + "]" : "[…]");
        }

        private void add(@Nullable String name, @Nullable Closure index, boolean safe, int column) {
            // Once a step was optional, null runs through to the end of the path, as in ECMAScript.
            safeBefore |= safe;
            steps.add(new Step(name, index, guarded || safeBefore, column, text));
        }

        /**
         * Continues from the result of a call.
         *
         * @param call makes it of its receiver, and of whether null as the receiver gives null instead of an error
         */
        void call(String function, boolean safe, BiFunction<Closure, Boolean, Closure> call) {
            safeBefore |= safe;
            root = call.apply(build(), guarded || safeBefore);
            steps.clear();
            text = text.then("." + function + "(…)");
        }

        Closure build() {
            return steps.isEmpty() ? root : new PathClosure(root, steps.toArray(Step[]::new));
        }
    }
}
