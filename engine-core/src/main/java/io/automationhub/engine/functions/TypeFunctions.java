package io.automationhub.engine.functions;

import static io.automationhub.engine.expression.ExpressionFunction.named;
import static io.automationhub.engine.expression.ValueType.ANY;
import static io.automationhub.engine.expression.ValueType.BOOLEAN;
import static io.automationhub.engine.expression.ValueType.INTEGER;
import static io.automationhub.engine.expression.ValueType.NUMBER;
import static io.automationhub.engine.expression.ValueType.TEXT;

import io.automationhub.engine.expression.DateText;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.expression.FunctionCall;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What type a value is, and how to make it another; nothing is converted without being asked. */
final class TypeFunctions {

    private TypeFunctions() {}

    static void register(FunctionLibrary.Builder library) {
        library.add(named("type:typeOf")
                .takes("value", ANY)
                .gives(TEXT)
                .does("The name of a value's type: text, number, boolean, list, object or null.")
                .example("[1].typeOf()", "'list'")
                .example("type:typeOf(null)", "'null'")
                .as(call -> Json.typeName(call.value(0))));
        test(library, "isText", "text", "'a'", value -> value instanceof String);
        test(library, "isNumber", "a number", "1.5", value -> value instanceof Number);
        test(library, "isBoolean", "true or false", "false", value -> value instanceof Boolean);
        test(library, "isList", "a list", "[1]", value -> value instanceof JsonArray);
        test(library, "isObject", "an object", "{'a': 1}", value -> value instanceof JsonObject);
        test(library, "isNull", "null", "null", value -> value == null);
        test(
                library,
                "isDate",
                "text that is a date in ISO-8601",
                "'2026-01-31'",
                value -> value instanceof String text && DateText.isDate(text));
        library.add(named("type:string")
                .takes("value", ANY)
                .gives(TEXT)
                .does("A value as text: null as nothing, lists and objects as JSON.")
                .example("string(1.50)", "'1.50'")
                .example("string([1, 'a'])", "'[1,\"a\"]'")
                .example("string(null)", "''")
                .as(call -> call.text(0)));
        library.add(named("type:number")
                .takes("value", ANY)
                .gives(NUMBER)
                .does("Text that is written like a number in JSON as that number; null stays null.")
                .example("number(' 12.5 ')", "12.5")
                .example("number(null)", "null")
                .as(call -> convert(call, Conversion.NUMBER)));
        library.add(named("type:integer")
                .takes("value", ANY)
                .gives(INTEGER)
                .does("A number or text that is one, without what stands after the point; null stays null.")
                .example("integer('12.9')", "12")
                .example("integer(-1.5)", "-1")
                .as(call -> convert(call, Conversion.INTEGER)));
        library.add(named("type:boolean")
                .takes("value", ANY)
                .gives(BOOLEAN)
                .does("The texts 'true' and 'false' as what they say; null stays null.")
                .example("boolean('true')", "true")
                .example("boolean(null)", "null")
                .as(call -> convert(call, Conversion.BOOLEAN)));
        library.add(named("type:size")
                .takes("value", ANY)
                .gives(INTEGER)
                .does("The characters of text, the elements of a list, the keys of an object; 0 for null.")
                .example("'Größe'.size()", "5")
                .example("[1, 2].size()", "2")
                .example("size(null)", "0")
                .as(TypeFunctions::size));
        library.add(named("type:empty")
                .takes("value", ANY)
                .gives(BOOLEAN)
                .does("Whether a value is null, or text, a list or an object without content.")
                .example("empty('')", "true")
                .example("empty(0)", "false")
                .example("[].empty()", "true")
                .as(call -> isEmpty(call.value(0))));
    }

    private static void test(
            FunctionLibrary.Builder library, String name, String what, String example, Predicate<@Nullable Object> is) {
        library.add(named("type:" + name)
                .takes("value", ANY)
                .gives(BOOLEAN)
                .does("Whether a value is " + what + ".")
                .example(name + "(" + example + ")", "true")
                .example(name + "(" + (what.equals("an object") ? "1" : "{}") + ")", "false")
                .as(call -> is.test(call.value(0))));
    }

    static boolean isEmpty(@Nullable Object value) {
        return value == null
                || value instanceof String text && text.isEmpty()
                || value instanceof JsonArray list && list.isEmpty()
                || value instanceof JsonObject object && object.isEmpty();
    }

    private static Object size(FunctionCall call) {
        Object value = call.value(0);
        if (value == null) {
            return 0L;
        }
        if (value instanceof String text) {
            return (long) text.codePointCount(0, text.length());
        }
        if (value instanceof JsonArray list) {
            return (long) list.size();
        }
        if (value instanceof JsonObject object) {
            return (long) object.size();
        }
        throw call.failure("needs text, a list or an object, found a " + call.typeOf(0));
    }

    private static @Nullable Object convert(FunctionCall call, Conversion conversion) {
        try {
            return conversion.of(call.value(0));
        } catch (ExpressionException e) {
            throw call.failure(String.valueOf(e.getMessage()));
        }
    }
}
