package io.automationhub.engine.functions;

import static io.automationhub.engine.expression.ExpressionFunction.named;
import static io.automationhub.engine.expression.ValueType.INTEGER;
import static io.automationhub.engine.expression.ValueType.NUMBER;
import static io.automationhub.engine.expression.ValueType.TEXT;

import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.FunctionCall;
import io.automationhub.engine.expression.FunctionLibrary;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions on numbers. */
final class NumberFunctions {

    private static final List<String> MODES =
            List.of("halfUp", "halfEven", "halfDown", "up", "down", "ceiling", "floor");

    private NumberFunctions() {}

    static void register(FunctionLibrary.Builder library) {
        library.add(named("number:round")
                .takes("number", NUMBER)
                .mayTake("digits", INTEGER)
                .mayTakeOneOf("mode", MODES)
                .gives(NUMBER)
                .does(
                        "Rounds to so many digits after the point, 0 unless given; half goes away from zero unless a mode is given.")
                .example("2.345.round(2)", "2.35")
                .example("2.5.round(0, 'halfEven')", "2")
                .example("1250.round(-2, 'floor')", "1200")
                .as(NumberFunctions::round));
        library.add(named("number:floor")
                .takes("number", NUMBER)
                .gives(INTEGER)
                .does("The next whole number below.")
                .example("floor(-1.5)", "-2")
                .as(call -> call.number(0).setScale(0, RoundingMode.FLOOR).toBigInteger()));
        library.add(named("number:ceil")
                .takes("number", NUMBER)
                .gives(INTEGER)
                .does("The next whole number above.")
                .example("1.2.ceil()", "2")
                .as(call -> call.number(0).setScale(0, RoundingMode.CEILING).toBigInteger()));
        library.add(named("number:abs")
                .takes("number", NUMBER)
                .gives(NUMBER)
                .does("The number without its sign.")
                .example("abs(-3)", "3")
                .as(call -> Numbers.tidy(call.number(0).abs())));
        library.add(named("number:min")
                .takes("number", NUMBER)
                .takesMore("others", NUMBER)
                .gives(NUMBER)
                .does("The smallest of some numbers.")
                .example("number:min(3, 1, 2)", "1")
                .as(call -> extreme(call, -1)));
        library.add(named("number:max")
                .takes("number", NUMBER)
                .takesMore("others", NUMBER)
                .gives(NUMBER)
                .does("The largest of some numbers.")
                .example("max(3, 1, 2)", "3")
                .as(call -> extreme(call, 1)));
        library.add(named("number:format")
                .takes("number", NUMBER)
                .mayTake("pattern", TEXT)
                .mayTake("locale", TEXT)
                .gives(TEXT)
                .does(
                        "Writes a number by a pattern of DecimalFormat ('#,##0.##' unless given), with the signs of a locale.")
                .example("1234.5.format('#,##0.00', 'de')", "'1.234,50'")
                .example("1234.5.format()", "'1,234.5'")
                .as(NumberFunctions::format));
        library.add(named("number:parseNumber")
                .takes("text", TEXT)
                .mayTake("locale", TEXT)
                .gives(NUMBER)
                .does("Reads a number that is written as in a locale, English unless given.")
                .example("number:parseNumber('1.234,50', 'de')", "1234.50")
                .example("number:parseNumber('1,234.5')", "1234.5")
                .as(NumberFunctions::parse));
    }

    private static @Nullable Object round(FunctionCall call) {
        int digits = call.integer(1, 0);
        if (Math.abs(digits) > 400) {
            throw call.failure("'digits' is beyond ±400");
        }
        RoundingMode mode = switch (call.text(2, "halfUp")) {
            case "halfEven" -> RoundingMode.HALF_EVEN;
            case "halfDown" -> RoundingMode.HALF_DOWN;
            case "up" -> RoundingMode.UP;
            case "down" -> RoundingMode.DOWN;
            case "ceiling" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> RoundingMode.HALF_UP;
        };
        BigDecimal number = call.number(0);
        return number.scale() <= digits && digits >= 0 ? call.value(0) : Numbers.tidy(number.setScale(digits, mode));
    }

    private static @Nullable Object extreme(FunctionCall call, int sign) {
        Object best = call.value(0);
        for (int i = 1; i < call.count(); i++) {
            Object other = call.value(i);
            best = other != null && Comparisons.order(other, best) * sign > 0 ? other : best;
        }
        return best;
    }

    private static Object format(FunctionCall call) {
        String pattern = call.text(1, "#,##0.##");
        if (pattern.length() > 100) {
            throw call.failure("'pattern' has more than 100 characters");
        }
        try {
            DecimalFormat format = new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locales.of(call, 2)));
            format.setRoundingMode(RoundingMode.HALF_UP);
            return format.format(call.number(0));
        } catch (IllegalArgumentException e) {
            throw call.failure("'" + pattern + "' is no pattern for numbers; write one such as '#,##0.00'");
        }
    }

    private static Object parse(FunctionCall call) {
        String text = call.text(0).strip();
        DecimalFormat format = (DecimalFormat) NumberFormat.getNumberInstance(Locales.of(call, 1));
        format.setParseBigDecimal(true);
        ParsePosition at = new ParsePosition(0);
        Number number = text.length() > 500 ? null : format.parse(text, at);
        if (!(number instanceof BigDecimal decimal) || at.getIndex() < text.length()) {
            throw call.failure("the text is not a number as it is written in this locale");
        }
        return Numbers.tidy(decimal);
    }
}
