package io.automationhub.engine.expression;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.time.DateTimeException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A place in an expression where a function is called. */
final class CallSite implements Closure {

    /** What looks like an expression where the path of a field is due. */
    private static final Pattern EXPRESSION =
            Pattern.compile("\\.[A-Za-z]+\\(|\\s(==|!=|<|<=|>|>=|&&|\\|\\||=~|\\?\\?)\\s");

    private final String name;
    private final List<ExpressionFunction> candidates;
    private final Argument[] arguments;
    private final boolean safe;
    private final int column;

    /** What was made of the last text of an argument, such as a compiled pattern; most are constant. */
    private final @Nullable Prepared[] prepared;

    /** @param candidates functions with this name that take this many arguments, at least one */
    CallSite(String name, List<ExpressionFunction> candidates, Argument[] arguments, boolean safe, int column) {
        this.name = name;
        this.candidates = candidates;
        this.arguments = arguments;
        this.safe = safe;
        this.column = column;
        this.prepared = new @Nullable Prepared[arguments.length];
    }

    /**
     * What is given to a function.
     *
     * @param usesItem whether it is an expression over {@code item}, evaluated by the function for each element
     */
    record Argument(Closure closure, boolean usesItem) {}

    private record Prepared(String source, Object value) {}

    @Override
    public @Nullable Object evaluate(Environment environment) {
        Evaluation evaluation = Evaluation.in(environment);
        @Nullable Object[] values = new @Nullable Object[arguments.length];
        if (values.length > 0) {
            values[0] = arguments[0].closure().evaluate(evaluation);
            if (safe && values[0] == null) {
                return null;
            }
        }
        ExpressionFunction function = candidates.size() == 1 ? candidates.get(0) : choose(values[0]);
        for (int i = 1; i < values.length; i++) {
            boolean each = arguments[i].usesItem() && function.parameter(i).type() == ValueType.EACH;
            values[i] = each ? null : arguments[i].closure().evaluate(evaluation);
        }
        check(function, values);
        return call(function, evaluation, values);
    }

    private @Nullable Object call(ExpressionFunction function, Evaluation evaluation, @Nullable Object[] values) {
        try {
            return bounded(function.body().apply(new FunctionCall(this, function, evaluation, values)), evaluation);
        } catch (EngineException e) {
            throw e;
        } catch (JsonException | DateTimeException | ArithmeticException e) {
            throw new ExpressionException(column, name + "(…): " + e.getMessage());
        } catch (RuntimeException e) {
            throw new ExpressionException(column, name + "(…) failed: " + e);
        }
    }

    private @Nullable Object bounded(@Nullable Object result, Evaluation evaluation) {
        if (result instanceof JsonArray list) {
            evaluation.charge(Evaluation.ELEMENT * list.size(), column);
            return Operators.sized(list, column);
        }
        if (result instanceof JsonObject object) {
            evaluation.charge(Evaluation.ELEMENT * object.size(), column);
            return Operators.sized(object, column);
        }
        if (result instanceof String text) {
            evaluation.charge(text.length(), column);
            return Operators.sized(text, column);
        }
        return Json.of(result);
    }

    /** Of several functions with this name the one for the type of what it is called on. */
    private ExpressionFunction choose(@Nullable Object receiver) {
        for (ExpressionFunction candidate : candidates) {
            if (candidate.parameter(0).type().accepts(receiver)) {
                return candidate;
            }
        }
        String types = candidates.stream()
                .map(candidate -> candidate.parameter(0).type().text())
                .distinct()
                .collect(Collectors.joining(" or "));
        throw mismatch(
                "works on " + types, receiver, candidates.get(0).parameter(0).type());
    }

    private void check(ExpressionFunction function, @Nullable Object[] values) {
        for (int i = 0; i < values.length; i++) {
            ExpressionFunction.Parameter parameter = function.parameter(i);
            boolean absent = values[i] == null && i > 0 && (parameter.optional() || arguments[i].usesItem());
            if (!absent && !parameter.type().accepts(values[i])) {
                throw mismatch(
                        i == 0
                                ? "works on " + parameter.type().text()
                                : "needs " + parameter.type().text() + " as '" + parameter.name() + "'",
                        values[i],
                        parameter.type());
            }
            checkChoice(parameter, values[i]);
        }
    }

    private void checkChoice(ExpressionFunction.Parameter parameter, @Nullable Object value) {
        if (!parameter.choices().isEmpty()
                && value instanceof String text
                && !parameter.choices().contains(text)) {
            throw new ExpressionException(
                    column,
                    name + "(…) knows no " + parameter.name() + " '" + Operators.shortened(text) + "'"
                            + NearestName.hint(text, parameter.choices()) + "; known are "
                            + String.join(", ", parameter.choices()));
        }
    }

    private ExpressionException mismatch(String needed, @Nullable Object found, ValueType type) {
        String hint = found == null
                ? "write ?." + name + "(…) to get null instead, or give a default with ??"
                : type == ValueType.DATE && found instanceof String
                        ? "the text is no date; " + type.hint()
                        : type.hint();
        return new ExpressionException(
                column, name + "(…) " + needed + ", found " + Operators.article(found) + "; " + hint);
    }

    /** Finds, before anything runs, constants that no call could take. */
    void checkConstants() {
        if (candidates.size() != 1) {
            return;
        }
        ExpressionFunction function = candidates.get(0);
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].closure() instanceof Constant constant) {
                checkConstant(function.parameter(i), constant.value(), i);
            }
        }
    }

    private void checkConstant(ExpressionFunction.Parameter parameter, @Nullable Object value, int position) {
        if (parameter.type() == ValueType.PATTERN && value instanceof String source) {
            TextPattern.compile(source, column);
        }
        if (parameter.type() == ValueType.EACH) {
            checkField(parameter, value);
        }
        boolean nothing = value == null && (parameter.optional() || safe && position == 0);
        if (!nothing && !parameter.type().accepts(value)) {
            throw mismatch(
                    position == 0
                            ? "works on " + parameter.type().text()
                            : "needs " + parameter.type().text() + " as '" + parameter.name() + "'",
                    value,
                    parameter.type());
        }
        checkChoice(parameter, value);
    }

    /** A field may have nearly any name, but hardly one that calls a function or compares. */
    private void checkField(ExpressionFunction.Parameter parameter, @Nullable Object value) {
        if (value instanceof String field) {
            if (EXPRESSION.matcher(field).find()) {
                throw new ExpressionException(
                        column,
                        name + "(…) is given an expression as text; write it without quotes, as in " + name
                                + "(item.total > 5)");
            }
        } else if (value != null || !parameter.optional()) {
            throw notAField(value);
        }
    }

    int column() {
        return column;
    }

    boolean isItemExpression(int position) {
        return arguments[position].usesItem();
    }

    /** The function that an argument is, evaluated element by element. */
    ItemFunction each(int position, Evaluation evaluation, @Nullable Object value) {
        if (isItemExpression(position)) {
            Closure closure = arguments[position].closure();
            Evaluation scope = evaluation.scope();
            return (item, index) -> {
                scope.charge(1, column);
                Object result = closure.evaluate(scope.with(item, index));
                if (result instanceof String text) {
                    scope.charge(text.length(), column);
                }
                return result;
            };
        }
        if (value instanceof String field) {
            return prepared(position, field, FieldPath::of).ofEach();
        }
        throw notAField(value);
    }

    private ExpressionException notAField(@Nullable Object value) {
        return new ExpressionException(
                column,
                name + "(…) needs a field or an expression over item, found " + Operators.article(value) + "; "
                        + ValueType.EACH.hint());
    }

    @SuppressWarnings("unchecked")
    <T> T prepared(int position, String source, Function<String, T> prepare) {
        Prepared last = prepared[position];
        if (last != null && last.source().equals(source)) {
            return (T) last.value();
        }
        T value = prepare.apply(source);
        prepared[position] = new Prepared(source, value);
        return value;
    }
}
