package io.automationhub.engine.functions;

import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.value.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** What is made of many values: {@code sum}, {@code max} and their kin, in functions and in the steps of a transform. */
public enum Summary {
    /** How many are not null. */
    COUNT,
    /** Their sum, exact. */
    SUM,
    /** Their average, to 34 digits; null of nothing. */
    AVG,
    /** The smallest number or text; null of nothing. */
    MIN,
    /** The largest number or text; null of nothing. */
    MAX,
    /** The first that is not null. */
    FIRST,
    /** The last that is not null. */
    LAST,
    /** All as text, with a separator between them. */
    CONCAT;

    /** A longer text is refused. */
    private static final int MAX_TEXT = 16 * 1024 * 1024;

    /** Collects values; used by one thread. */
    public sealed interface Result {

        /**
         * Takes the next value; null is left out.
         *
         * @throws ExpressionException if it cannot be summarised with those before
         */
        void add(@Nullable Object value);

        /** What they come to. */
        @Nullable
        Object value();
    }

    /** A summary of nothing yet. */
    public Result start() {
        return start(", ");
    }

    /** A summary of nothing yet; {@code separator} stands between texts. */
    public Result start(String separator) {
        if (this == CONCAT) {
            return new Concatenation(separator);
        }
        return this == COUNT || this == SUM || this == AVG ? new Total(this) : new Choice(this);
    }

    /** Sums exactly, in a long as long as that goes. */
    private static final class Total implements Result {

        private final Summary what;
        private long count;
        private long whole;
        private BigDecimal rest = BigDecimal.ZERO;

        Total(Summary what) {
            this.what = what;
        }

        @Override
        public void add(@Nullable Object value) {
            if (value == null) {
                return;
            }
            count++;
            if (what == COUNT) {
                return;
            }
            if (!(value instanceof Number number)) {
                throw new ExpressionException(
                        1,
                        "Cannot sum up " + Json.typeName(value)
                                + "; convert it with number(…), or leave it out with a filter");
            }
            long sum = whole + number.longValue();
            if (number instanceof Long small && ((whole ^ sum) & (small ^ sum)) >= 0) {
                whole = sum;
            } else {
                rest = rest.add(Comparisons.decimal(number));
            }
        }

        @Override
        public @Nullable Object value() {
            if (what == COUNT) {
                return count;
            }
            BigDecimal sum = rest.add(BigDecimal.valueOf(whole));
            if (what == SUM) {
                return Numbers.tidy(sum);
            }
            return count == 0 ? null : Numbers.tidy(sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128));
        }
    }

    /** Writes one text after the other. */
    private static final class Concatenation implements Result {

        private final String separator;
        private @Nullable StringBuilder text;

        Concatenation(String separator) {
            this.separator = separator;
        }

        @Override
        public void add(@Nullable Object value) {
            if (value == null) {
                return;
            }
            if (text == null) {
                text = new StringBuilder();
            } else {
                text.append(separator);
            }
            text.append(Json.toText(value));
            if (text.length() > MAX_TEXT) {
                throw new ExpressionException(1, "The text would be longer than " + MAX_TEXT + " characters");
            }
        }

        @Override
        public @Nullable Object value() {
            return text == null ? "" : text.toString();
        }
    }

    /** Keeps one of the values. */
    private static final class Choice implements Result {

        private final Summary what;
        private @Nullable Object chosen;

        Choice(Summary what) {
            this.what = what;
        }

        @Override
        public void add(@Nullable Object value) {
            if (value != null && (chosen == null || better(value, chosen))) {
                chosen = value;
            }
        }

        private boolean better(Object value, Object best) {
            return switch (what) {
                case MIN -> Comparisons.order(value, best) < 0;
                case MAX -> Comparisons.order(value, best) > 0;
                default -> what == LAST;
            };
        }

        @Override
        public @Nullable Object value() {
            return chosen;
        }
    }
}
