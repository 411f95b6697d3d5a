package io.automationhub.engine.expression;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call of a function: its arguments, of which it is known that they have the types that the function declares.
 * Positions count from 0, the receiver first. Valid until the function returns.
 */
public final class FunctionCall {

    private final CallSite site;
    private final ExpressionFunction function;
    private final Evaluation evaluation;
    private final @Nullable Object[] arguments;

    FunctionCall(CallSite site, ExpressionFunction function, Evaluation evaluation, @Nullable Object[] arguments) {
        this.site = site;
        this.function = function;
        this.evaluation = evaluation;
        this.arguments = arguments;
    }

    /** How many arguments are given. */
    public int count() {
        return arguments.length;
    }

    /** Whether there is an argument at a position and it is not null. */
    public boolean has(int position) {
        return position < arguments.length && (arguments[position] != null || site.isItemExpression(position));
    }

    /** An argument; null if it is null or left out. */
    public @Nullable Object value(int position) {
        return position < arguments.length ? arguments[position] : null;
    }

    /** An argument that is text; anything else is written as text is in templates. */
    public String text(int position) {
        return Operators.text(value(position), site.column());
    }

    /** An argument that is text, or {@code otherwise} if it is left out or null. */
    public String text(int position, String otherwise) {
        return has(position) ? text(position) : otherwise;
    }

    /** An argument that is a number. */
    public BigDecimal number(int position) {
        return Operators.decimal((Number) required(position));
    }

    /**
     * An argument that is a whole number.
     *
     * @throws ExpressionException if it is beyond ±2,147,483,647
     */
    public int integer(int position) {
        BigDecimal number = number(position);
        if (number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
            throw failure("'" + function.parameter(position).name() + "' is beyond ±" + Integer.MAX_VALUE);
        }
        return number.intValue();
    }

    /** An argument that is a whole number, or {@code otherwise} if it is left out or null. */
    public int integer(int position, int otherwise) {
        return has(position) ? integer(position) : otherwise;
    }

    /** An argument that is true or false; false if it is left out or null. */
    public boolean truth(int position) {
        return Boolean.TRUE.equals(value(position));
    }

    /** An argument that is a list. */
    public JsonArray list(int position) {
        return (JsonArray) required(position);
    }

    /** An argument that is an object. */
    public JsonObject object(int position) {
        return (JsonObject) required(position);
    }

    /** An argument that is a date; see {@link DateText#parse}. */
    public Temporal date(int position) {
        try {
            return DateText.parse(text(position));
        } catch (DateTimeException e) {
            throw failure("'" + function.parameter(position).name() + "' is no date; " + ValueType.DATE.hint());
        }
    }

    /** An argument that is a regular expression. */
    public TextPattern pattern(int position) {
        return site.prepared(position, text(position), source -> TextPattern.compile(source, site.column()));
    }

    /** An argument that is an expression over {@code item}, or a field. */
    public ItemFunction each(int position) {
        return site.each(position, evaluation, value(position));
    }

    /** The time of the turn. */
    public Instant now() {
        return Instant.EPOCH.plus(evaluation.epochMicros(), ChronoUnit.MICROS);
    }

    /** Random numbers of the turn; no secrets are to be made of them. */
    public RandomGenerator random() {
        return evaluation.random();
    }

    /**
     * Counts work that the result does not show, so that an expression ends in bounded time.
     *
     * @param units elements and characters that were made
     * @throws ExpressionException if the expression has made too many
     */
    public void charge(long units) {
        evaluation.charge(units, site.column());
    }

    /** The call's failure, to be thrown: what was found and what to do. */
    public ExpressionException failure(String message) {
        return new ExpressionException(site.column(), function.name() + "(…): " + message);
    }

    private Object required(int position) {
        Object value = value(position);
        if (value == null) {
            throw failure("'" + function.parameter(position).name() + "' is "
                    + (position < arguments.length ? "null" : "left out") + ", expected "
                    + function.parameter(position).type().text());
        }
        return value;
    }

    /** The type of an argument as messages name it. */
    public String typeOf(int position) {
        return Json.typeName(value(position));
    }
}
