package io.automationhub.engine.functions;

import static io.automationhub.engine.expression.ExpressionFunction.named;
import static io.automationhub.engine.expression.ValueType.ANY;
import static io.automationhub.engine.expression.ValueType.BOOLEAN;
import static io.automationhub.engine.expression.ValueType.INTEGER;
import static io.automationhub.engine.expression.ValueType.LIST;
import static io.automationhub.engine.expression.ValueType.OBJECT;
import static io.automationhub.engine.expression.ValueType.PATTERN;
import static io.automationhub.engine.expression.ValueType.TEXT;

import io.automationhub.engine.expression.FunctionCall;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.value.JsonArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Functions on text. Positions and lengths count characters (code points), negative positions from the end. */
final class TextFunctions {

    private TextFunctions() {}

    static void register(FunctionLibrary.Builder library) {
        letters(library);
        parts(library);
        tests(library);
        patterns(library);
        library.add(named("text:format")
                .takes("text", TEXT)
                .takesMore("values", ANY)
                .gives(TEXT)
                .does("Puts values where {0}, {1} … stand.")
                .example("'{0} of {1}'.format(1, 'two')", "'1 of two'")
                .as(TextFunctions::format));
    }

    private static void letters(FunctionLibrary.Builder library) {
        library.add(named("text:trim")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("Removes white space at both ends.")
                .example("'  a b '.trim()", "'a b'")
                .as(call -> call.text(0).strip()));
        library.add(named("text:upper")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("All letters as capitals.")
                .example("'straße'.upper()", "'STRASSE'")
                .as(call -> call.text(0).toUpperCase(Locale.ROOT)));
        library.add(named("text:lower")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("All letters small.")
                .example("'ADA'.lower()", "'ada'")
                .as(call -> call.text(0).toLowerCase(Locale.ROOT)));
        library.add(named("text:capitalize")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("The first letter as a capital.")
                .example("'ada lovelace'.capitalize()", "'Ada lovelace'")
                .as(call -> TextCase.capitalize(call.text(0))));
        library.add(named("text:titleCase")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("The first letter of each word as a capital, the others small.")
                .example("'ada LOVELACE'.titleCase()", "'Ada Lovelace'")
                .as(call -> TextCase.title(call.text(0))));
        library.add(named("text:camelCase")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("Words joined, each but the first with a capital.")
                .example("'Order number'.camelCase()", "'orderNumber'")
                .as(call -> TextCase.camel(call.text(0))));
        library.add(named("text:snakeCase")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("Words in small letters with '_' between them.")
                .example("'orderNumber'.snakeCase()", "'order_number'")
                .as(call -> TextCase.joined(call.text(0), "_")));
        library.add(named("text:slug")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("Words in small ASCII letters with '-' between them, for addresses.")
                .example("'Crème brûlée: 2 Stück!'.slug()", "'creme-brulee-2-stuck'")
                .as(call -> TextCase.slug(call.text(0))));
    }

    private static void parts(FunctionLibrary.Builder library) {
        library.add(named("text:replace")
                .takes("text", TEXT)
                .takes("search", TEXT)
                .takes("with", TEXT)
                .gives(TEXT)
                .does("Replaces each occurrence of a text.")
                .example("'a-b-c'.replace('-', '+')", "'a+b+c'")
                .as(TextFunctions::replace));
        library.add(named("text:split")
                .takes("text", TEXT)
                .mayTake("by", TEXT)
                .gives(LIST)
                .does("The parts between separators; without one, the words.")
                .example("'a,b,,c'.split(',')", "['a', 'b', '', 'c']")
                .example("' a  b '.split()", "['a', 'b']")
                .as(TextFunctions::split));
        library.add(named("text:slice")
                .takes("text", TEXT)
                .takes("from", INTEGER)
                .mayTake("to", INTEGER)
                .gives(TEXT)
                .does("The characters from one position up to, but without, another.")
                .example("'workflow'.slice(0, 4)", "'work'")
                .example("'workflow'.slice(-4)", "'flow'")
                .as(TextFunctions::slice));
        library.add(named("text:first")
                .takes("text", TEXT)
                .mayTake("count", INTEGER)
                .gives(TEXT)
                .does("The first character, or so many.")
                .example("'Ada'.first()", "'A'")
                .example("'Ada'.first(2)", "'Ad'")
                .as(call -> slice(call.text(0), 0, Math.max(0, call.integer(1, 1)))));
        library.add(named("text:last")
                .takes("text", TEXT)
                .mayTake("count", INTEGER)
                .gives(TEXT)
                .does("The last character, or so many.")
                .example("'Ada'.last(2)", "'da'")
                .as(call -> {
                    int count = Math.max(0, call.integer(1, 1));
                    return count == 0 ? "" : slice(call.text(0), -count, Integer.MAX_VALUE);
                }));
        library.add(named("text:padStart")
                .takes("text", TEXT)
                .takes("length", INTEGER)
                .mayTake("with", TEXT)
                .gives(TEXT)
                .does("Fills up at the start to a length, with blanks or another text.")
                .example("'7'.padStart(3, '0')", "'007'")
                .as(call -> padding(call) + call.text(0)));
        library.add(named("text:padEnd")
                .takes("text", TEXT)
                .takes("length", INTEGER)
                .mayTake("with", TEXT)
                .gives(TEXT)
                .does("Fills up at the end to a length, with blanks or another text.")
                .example("'ab'.padEnd(4, '.')", "'ab..'")
                .as(call -> call.text(0) + padding(call)));
        library.add(named("text:truncate")
                .takes("text", TEXT)
                .takes("length", INTEGER)
                .mayTake("ending", TEXT)
                .gives(TEXT)
                .does("Cuts to at most so many characters; a text that was cut ends with '…' or another ending.")
                .example("'Automation'.truncate(5)", "'Auto…'")
                .example("'ab'.truncate(5)", "'ab'")
                .as(TextFunctions::truncate));
        library.add(named("text:reverse")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("The characters from last to first.")
                .example("'abc'.reverse()", "'cba'")
                .as(call -> new StringBuilder(call.text(0)).reverse().toString()));
        library.add(named("text:lines")
                .takes("text", TEXT)
                .gives(LIST)
                .does("The lines of a text, without their ends.")
                .example("'a\\nb'.lines()", "['a', 'b']")
                .as(call -> JsonArray.of(call.text(0).lines().toArray())));
    }

    private static void tests(FunctionLibrary.Builder library) {
        library.add(named("text:contains")
                .takes("text", TEXT)
                .takes("part", TEXT)
                .gives(BOOLEAN)
                .does("Whether a text stands in it.")
                .example("'workflow'.contains('flow')", "true")
                .as(call -> call.text(0).contains(call.text(1))));
        library.add(named("text:includes")
                .takes("text", TEXT)
                .takes("part", TEXT)
                .gives(BOOLEAN)
                .does("Whether a text stands in it; the same as contains.")
                .example("'abc'.includes('x')", "false")
                .as(call -> call.text(0).contains(call.text(1))));
        library.add(named("text:startsWith")
                .takes("text", TEXT)
                .takes("start", TEXT)
                .gives(BOOLEAN)
                .does("Whether it begins with a text.")
                .example("'workflow'.startsWith('work')", "true")
                .as(call -> call.text(0).startsWith(call.text(1))));
        library.add(named("text:endsWith")
                .takes("text", TEXT)
                .takes("end", TEXT)
                .gives(BOOLEAN)
                .does("Whether it ends with a text.")
                .example("'a.json'.endsWith('.json')", "true")
                .as(call -> call.text(0).endsWith(call.text(1))));
        library.add(named("text:indexOf")
                .takes("text", TEXT)
                .takes("part", TEXT)
                .gives(INTEGER)
                .does("The position of a text in it, -1 if it is not there.")
                .example("'abc'.indexOf('c')", "2")
                .as(call -> {
                    int at = call.text(0).indexOf(call.text(1));
                    return at < 0 ? -1L : (long) call.text(0).codePointCount(0, at);
                }));
    }

    private static void patterns(FunctionLibrary.Builder library) {
        library.add(named("text:matches")
                .takes("text", TEXT)
                .takes("pattern", PATTERN)
                .gives(BOOLEAN)
                .does("Whether the whole text matches a pattern of RE2.")
                .example("'A-17'.matches('[A-Z]-[0-9]+')", "true")
                .as(call -> call.pattern(1).matches(call.text(0))));
        library.add(named("text:match")
                .takes("text", TEXT)
                .takes("pattern", PATTERN)
                .gives(OBJECT)
                .does("The first match: its text, its groups and its position; null if there is none.")
                .example(
                        "'order A-17'.match('([A-Z])-([0-9]+)')", "{'text': 'A-17', 'groups': ['A', '17'], 'index': 6}")
                .example("'abc'.match('[0-9]')", "null")
                .as(call -> call.pattern(1).first(call.text(0))));
        library.add(named("text:matchAll")
                .takes("text", TEXT)
                .takes("pattern", PATTERN)
                .gives(LIST)
                .does("The texts of all matches.")
                .example("'a1b22'.matchAll('[0-9]+')", "['1', '22']")
                .as(call -> call.pattern(1).all(call.text(0))));
        library.add(named("text:extract")
                .takes("text", TEXT)
                .takes("pattern", PATTERN)
                .mayTake("group", INTEGER)
                .gives(TEXT)
                .does("The first match, or a group of it (the first one if there are groups); null if there is none.")
                .example("'id=42;'.extract('id=([0-9]+)')", "'42'")
                .example("'abc'.extract('[0-9]')", "null")
                .as(call -> call.pattern(1).extract(call.text(0), call.integer(2, -1))));
        library.add(named("text:replaceAll")
                .takes("text", TEXT)
                .takes("pattern", PATTERN)
                .takes("with", TEXT)
                .gives(TEXT)
                .does("Replaces each match of a pattern by a text, which stands there as it is.")
                .example("'tel 12-34'.replaceAll('[0-9]', '#')", "'tel ##-##'")
                .as(call -> call.pattern(1).replaceAll(call.text(0), call.text(2))));
    }

    private static String replace(FunctionCall call) {
        String text = call.text(0);
        String search = call.text(1);
        if (search.isEmpty()) {
            throw call.failure("'search' is empty; say what is to be replaced");
        }
        int grows = call.text(2).length() - search.length();
        if (grows > 0) {
            call.charge((long) (text.length() / search.length()) * grows);
        }
        return text.replace(search, call.text(2));
    }

    private static Object split(FunctionCall call) {
        String text = call.text(0);
        String by = call.text(1, "");
        if (by.isEmpty()) {
            return call.has(1)
                    ? JsonArray.of(
                            text.codePoints().mapToObj(Character::toString).toArray())
                    : JsonArray.of(Arrays.stream(text.strip().split("\\s+"))
                            .filter(word -> !word.isEmpty())
                            .toArray());
        }
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(by); at >= 0; at = text.indexOf(by, from)) {
            parts.add(text.substring(from, at));
            from = at + by.length();
        }
        parts.add(text.substring(from));
        return JsonArray.of(parts.toArray());
    }

    private static Object slice(FunctionCall call) {
        return slice(call.text(0), call.integer(1), call.integer(2, Integer.MAX_VALUE));
    }

    private static String slice(String text, int from, int to) {
        int length = text.codePointCount(0, text.length());
        int start = position(from, length);
        int end = Math.max(start, position(to, length));
        int begin = text.offsetByCodePoints(0, start);
        return text.substring(begin, text.offsetByCodePoints(begin, end - start));
    }

    static int position(int given, int length) {
        return given < 0 ? Math.max(0, length + given) : Math.min(given, length);
    }

    private static String padding(FunctionCall call) {
        String text = call.text(0);
        String with = call.text(2, " ");
        int missing = call.integer(1) - text.codePointCount(0, text.length());
        if (missing <= 0 || with.isEmpty()) {
            return "";
        }
        call.charge(missing);
        int unit = with.codePointCount(0, with.length());
        return slice(with.repeat(missing / unit + 1), 0, missing);
    }

    private static Object truncate(FunctionCall call) {
        String text = call.text(0);
        int length = call.integer(1);
        if (text.codePointCount(0, text.length()) <= length) {
            return text;
        }
        String ending = call.text(2, "…");
        int kept = Math.max(0, length - ending.codePointCount(0, ending.length()));
        return slice(slice(text, 0, kept) + ending, 0, Math.max(0, length));
    }

    private static Object format(FunctionCall call) {
        String text = call.text(0);
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', open + 1)) {
            int close = text.indexOf('}', open);
            String number = close < 0 ? "" : text.substring(open + 1, close);
            if (!number.matches("[0-9]{1,3}")) {
                continue;
            }
            int position = Integer.parseInt(number) + 1;
            if (position >= call.count()) {
                throw call.failure("there is no value for {" + number + "}; it is given " + (call.count() - 1));
            }
            String value = call.text(position);
            call.charge(value.length());
            result.append(text, from, open).append(value);
            from = close + 1;
            open = close;
        }
        return result.append(text, from, text.length()).toString();
    }
}
