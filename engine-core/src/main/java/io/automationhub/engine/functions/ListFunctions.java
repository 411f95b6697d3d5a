package io.automationhub.engine.functions;

import static io.automationhub.engine.expression.ExpressionFunction.named;
import static io.automationhub.engine.expression.ValueType.ANY;
import static io.automationhub.engine.expression.ValueType.BOOLEAN;
import static io.automationhub.engine.expression.ValueType.EACH;
import static io.automationhub.engine.expression.ValueType.INTEGER;
import static io.automationhub.engine.expression.ValueType.LIST;
import static io.automationhub.engine.expression.ValueType.NUMBER;
import static io.automationhub.engine.expression.ValueType.OBJECT;
import static io.automationhub.engine.expression.ValueType.TEXT;

import io.automationhub.engine.expression.Comparisons;
import io.automationhub.engine.expression.FunctionCall;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.expression.ItemFunction;
import io.automationhub.engine.expression.ValueType;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions on lists; each gives a new one. Where a field or an expression is taken, {@code item} is the element. */
final class ListFunctions {

    private static final List<String> ORDERS = List.of("asc", "desc");

    private ListFunctions() {}

    static void register(FunctionLibrary.Builder library) {
        elements(library);
        choosing(library);
        arranging(library);
        combining(library);
        summarising(library);
    }

    private static void elements(FunctionLibrary.Builder library) {
        library.add(named("list:map")
                .takes("list", LIST)
                .takes("each", EACH)
                .gives(LIST)
                .does("The field, or the value of the expression, of each element.")
                .example("[{'n': 1}, {'n': 2}].map('n')", "[1, 2]")
                .example("[1, 2].map(item * 10 + index)", "[10, 21]")
                .as(call -> map(call.list(0), call.each(1))));
        library.add(named("list:filter")
                .takes("list", LIST)
                .takes("each", EACH)
                .gives(LIST)
                .does("The elements whose field, or for which the expression, is true.")
                .example("[1, 5, 9].filter(item > 4)", "[5, 9]")
                .example("[{'paid': true, 'id': 1}, {'id': 2}].filter('paid')", "[{'paid': true, 'id': 1}]")
                .as(call -> filter(call.list(0), call.each(1))));
        library.add(named("list:find")
                .takes("list", LIST)
                .takes("each", EACH)
                .gives(ANY)
                .does("The first element for which it is true; null if there is none.")
                .example("[1, 5, 9].find(item > 4)", "5")
                .example("[1].find(item > 4)", "null")
                .as(call -> {
                    int at = indexWhere(call.list(0), call.each(1));
                    return at < 0 ? null : call.list(0).get(at);
                }));
        library.add(named("list:findIndex")
                .takes("list", LIST)
                .takes("each", EACH)
                .gives(INTEGER)
                .does("The position of the first element for which it is true; -1 if there is none.")
                .example("[1, 5, 9].findIndex(item > 4)", "1")
                .as(call -> (long) indexWhere(call.list(0), call.each(1))));
        library.add(named("list:some")
                .takes("list", LIST)
                .takes("each", EACH)
                .gives(BOOLEAN)
                .does("Whether it is true for an element.")
                .example("[1, 5].some(item > 4)", "true")
                .as(call -> indexWhere(call.list(0), call.each(1)) >= 0));
        library.add(named("list:every")
                .takes("list", LIST)
                .takes("each", EACH)
                .gives(BOOLEAN)
                .does("Whether it is true for all elements, as it is if there are none.")
                .example("[1, 5].every(item > 4)", "false")
                .as(call -> {
                    ItemFunction each = call.each(1);
                    return indexWhere(call.list(0), (item, index) -> !each.test(item, index)) < 0;
                }));
        library.add(named("list:flatMap")
                .takes("list", LIST)
                .takes("each", EACH)
                .gives(LIST)
                .does("As map, and what is a list gives its elements; null gives none.")
                .example("[{'tags': ['a', 'b']}, {}].flatMap('tags')", "['a', 'b']")
                .as(call -> flatten(call, map(call.list(0), call.each(1)), 1, true)));
    }

    private static void choosing(FunctionLibrary.Builder library) {
        library.add(named("list:first")
                .takes("list", LIST)
                .mayTake("count", INTEGER)
                .gives(ANY)
                .does("The first element, null if there is none; or a list of so many.")
                .example("[1, 2, 3].first()", "1")
                .example("[1, 2, 3].first(2)", "[1, 2]")
                .example("[].first()", "null")
                .as(call -> call.has(1)
                        ? part(call.list(0), 0, Math.max(0, call.integer(1)))
                        : call.list(0).isEmpty() ? null : call.list(0).get(0)));
        library.add(named("list:last")
                .takes("list", LIST)
                .mayTake("count", INTEGER)
                .gives(ANY)
                .does("The last element, null if there is none; or a list of so many.")
                .example("[1, 2, 3].last()", "3")
                .example("[1, 2, 3].last(2)", "[2, 3]")
                .as(call -> {
                    JsonArray list = call.list(0);
                    int size = list.size();
                    return call.has(1)
                            ? part(list, size - Math.min(size, Math.max(0, call.integer(1))), size)
                            : list.isEmpty() ? null : list.get(size - 1);
                }));
        library.add(named("list:slice")
                .takes("list", LIST)
                .takes("from", INTEGER)
                .mayTake("to", INTEGER)
                .gives(LIST)
                .does("The elements from one position up to, but without, another; negative ones count from the end.")
                .example("[1, 2, 3, 4].slice(1, 3)", "[2, 3]")
                .example("[1, 2, 3, 4].slice(-2)", "[3, 4]")
                .as(call -> part(
                        call.list(0),
                        TextFunctions.position(call.integer(1), call.list(0).size()),
                        TextFunctions.position(
                                call.integer(2, Integer.MAX_VALUE), call.list(0).size()))));
        library.add(named("list:distinct")
                .takes("list", LIST)
                .mayTake("by", EACH)
                .gives(LIST)
                .does("Of equal elements, or of those with an equal field or value, the first.")
                .example("[1, 2, 1.0].distinct()", "[1, 2]")
                .example("[{'k': 1}, {'k': 1, 'x': 2}].distinct('k')", "[{'k': 1}]")
                .as(ListFunctions::distinct));
        library.add(named("list:compact")
                .takes("list", LIST)
                .gives(LIST)
                .does("The elements that are not null.")
                .example("[1, null, 0].compact()", "[1, 0]")
                .as(call -> filter(call.list(0), (item, index) -> item != null)));
        library.add(named("list:includes")
                .takes("list", LIST)
                .takes("value", ANY)
                .gives(BOOLEAN)
                .does("Whether an element equals a value.")
                .example("[1, 2].includes(2.0)", "true")
                .as(call -> indexOf(call) >= 0));
        library.add(named("list:contains")
                .takes("list", LIST)
                .takes("value", ANY)
                .gives(BOOLEAN)
                .does("Whether an element equals a value; the same as includes.")
                .example("['a'].contains('b')", "false")
                .as(call -> indexOf(call) >= 0));
        library.add(named("list:indexOf")
                .takes("list", LIST)
                .takes("value", ANY)
                .gives(INTEGER)
                .does("The position of the first element that equals a value; -1 if there is none.")
                .example("['a', 'b'].indexOf('b')", "1")
                .as(call -> (long) indexOf(call)));
        library.add(named("list:without")
                .takes("list", LIST)
                .takesMore("values", ANY)
                .gives(LIST)
                .does("The elements that equal none of some values.")
                .example("[1, 2, 1, 3].without(1, 3)", "[2]")
                .as(ListFunctions::without));
    }

    private static void arranging(FunctionLibrary.Builder library) {
        library.add(named("list:sort")
                .takes("list", LIST)
                .mayTake("by", EACH)
                .mayTakeOneOf("order", ORDERS)
                .gives(LIST)
                .does(
                        "The elements from small to large, or by a field or an expression; what is equal stays in order, null comes last.")
                .example("[3, 1, null, 2].sort()", "[1, 2, 3, null]")
                .example("[{'n': 1}, {'n': 2}].sort('n', 'desc').map('n')", "[2, 1]")
                .example("['bb', 'a'].sort(item.size())", "['a', 'bb']")
                .as(ListFunctions::sort));
        library.add(named("list:reverse")
                .takes("list", LIST)
                .gives(LIST)
                .does("The elements from last to first.")
                .example("[1, 2].reverse()", "[2, 1]")
                .as(call -> {
                    @Nullable Object[] values = call.list(0).toArray();
                    Collections.reverse(Arrays.asList(values));
                    return JsonArray.of(values);
                }));
        library.add(named("list:flatten")
                .takes("list", LIST)
                .mayTake("depth", INTEGER)
                .gives(LIST)
                .does("Elements that are lists give their elements, one level deep or several.")
                .example("[1, [2, [3]]].flatten()", "[1, 2, [3]]")
                .example("[1, [2, [3]]].flatten(2)", "[1, 2, 3]")
                .as(call -> flatten(call, call.list(0), call.integer(1, 1), false)));
        library.add(named("list:chunk")
                .takes("list", LIST)
                .takes("size", INTEGER)
                .gives(LIST)
                .does("Lists of so many elements; the last may have fewer.")
                .example("[1, 2, 3].chunk(2)", "[[1, 2], [3]]")
                .as(ListFunctions::chunk));
        library.add(named("list:group")
                .takes("list", LIST)
                .takes("by", EACH)
                .gives(LIST)
                .does(
                        "An object of key and items for each different value of a field or expression, in order of appearance.")
                .example("[1, 2, 3].group(item % 2)", "[{'key': 1, 'items': [1, 3]}, {'key': 0, 'items': [2]}]")
                .as(ListFunctions::group));
        library.add(named("list:keyBy")
                .takes("list", LIST)
                .takes("by", EACH)
                .gives(OBJECT)
                .does("An object of the elements by a field or expression; of several with one key the last counts.")
                .example("[{'id': 7}].keyBy('id')", "{'7': {'id': 7}}")
                .as(call -> {
                    ItemFunction by = call.each(1);
                    JsonObject.Builder object = JsonObject.builder();
                    JsonArray list = call.list(0);
                    for (int i = 0; i < list.size(); i++) {
                        object.put(Json.toText(by.apply(list.get(i), i)), list.get(i));
                    }
                    return object.build();
                }));
    }

    private static void combining(FunctionLibrary.Builder library) {
        library.add(named("list:concat")
                .takes("list", LIST)
                .takesMore("others", LIST)
                .gives(LIST)
                .does("The elements of all lists.")
                .example("[1].concat([2], [3])", "[1, 2, 3]")
                .as(call -> {
                    List<@Nullable Object> all = new ArrayList<>(call.list(0));
                    for (int i = 1; i < call.count(); i++) {
                        all.addAll(call.has(i) ? call.list(i) : JsonArray.EMPTY);
                    }
                    return JsonArray.of(all.toArray());
                }));
        library.add(named("list:append")
                .takes("list", LIST)
                .takesMore("values", ANY)
                .gives(LIST)
                .does("The list with further elements at its end.")
                .example("[1].append(2, [3])", "[1, 2, [3]]")
                .as(call -> {
                    List<@Nullable Object> all = new ArrayList<>(call.list(0));
                    for (int i = 1; i < call.count(); i++) {
                        all.add(call.value(i));
                    }
                    return JsonArray.of(all.toArray());
                }));
        library.add(named("list:zip")
                .takes("list", LIST)
                .takes("other", LIST)
                .gives(LIST)
                .does("Lists of the elements that have one position in both; null where one list is shorter.")
                .example("[1, 2].zip(['a'])", "[[1, 'a'], [2, null]]")
                .as(ListFunctions::zip));
        library.add(named("list:toObject")
                .takes("keys", LIST)
                .takes("values", LIST)
                .gives(OBJECT)
                .does("An object of keys from one list and values from another, as from the head and a row of a table.")
                .example("['a', 'b'].toObject([1, 2])", "{'a': 1, 'b': 2}")
                .as(call -> {
                    JsonObject.Builder object = JsonObject.builder();
                    for (int i = 0; i < call.list(0).size(); i++) {
                        object.put(
                                Json.toText(call.list(0).get(i)),
                                i < call.list(1).size() ? call.list(1).get(i) : null);
                    }
                    return object.build();
                }));
        library.add(named("list:join")
                .takes("list", LIST)
                .mayTake("separator", TEXT)
                .gives(TEXT)
                .does("The elements as text with ', ' or another separator between them; null is left out.")
                .example("['a', null, 1].join()", "'a, 1'")
                .example("['a', 'b'].join('-')", "'a-b'")
                .as(ListFunctions::join));
        library.add(named("list:range")
                .takes("from", INTEGER)
                .takes("to", INTEGER)
                .gives(LIST)
                .does("The whole numbers from one up to another, both included.")
                .example("list:range(2, 4)", "[2, 3, 4]")
                .as(ListFunctions::range));
    }

    private static void summarising(FunctionLibrary.Builder library) {
        summary(
                library,
                "count",
                INTEGER,
                Summary.COUNT,
                "How many elements are not null, or have a field, or for which an expression is not null.",
                "[1, null, 3].count()",
                "2");
        summary(
                library,
                "sum",
                NUMBER,
                Summary.SUM,
                "The sum of the elements, or of a field or expression; null is left out.",
                "[{'n': 0.1}, {'n': 0.2}, {}].sum('n')",
                "0.3");
        summary(
                library,
                "avg",
                NUMBER,
                Summary.AVG,
                "The average, to 34 digits; null is left out, and the average of nothing is null.",
                "[1, 2, 6].avg()",
                "3");
        summary(
                library,
                "min",
                ANY,
                Summary.MIN,
                "The smallest number or text; null is left out, and of nothing it is null.",
                "[3, 1, 2].min()",
                "1");
        summary(
                library,
                "max",
                ANY,
                Summary.MAX,
                "The largest number or text; null is left out, and of nothing it is null.",
                "[{'n': 3}, {'n': 4}].max(item.n * 2)",
                "8");
    }

    private static void summary(
            FunctionLibrary.Builder library,
            String name,
            ValueType gives,
            Summary summary,
            String does,
            String example,
            String value) {
        library.add(named("list:" + name)
                .takes("list", LIST)
                .mayTake("of", EACH)
                .gives(gives)
                .does(does)
                .example(example, value)
                .as(call -> {
                    ItemFunction of = ofOrItself(call);
                    Summary.Result result = summary.start();
                    JsonArray list = call.list(0);
                    for (int i = 0; i < list.size(); i++) {
                        result.add(of.apply(list.get(i), i));
                    }
                    return result.value();
                }));
    }

    private static ItemFunction ofOrItself(FunctionCall call) {
        return call.has(1) ? call.each(1) : (item, index) -> item;
    }

    private static JsonArray map(JsonArray list, ItemFunction each) {
        @Nullable Object[] values = new @Nullable Object[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = each.apply(list.get(i), i);
        }
        return JsonArray.of(values);
    }

    private static JsonArray filter(JsonArray list, ItemFunction each) {
        List<@Nullable Object> kept = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (each.test(list.get(i), i)) {
                kept.add(list.get(i));
            }
        }
        return JsonArray.of(kept.toArray());
    }

    private static int indexWhere(JsonArray list, ItemFunction each) {
        for (int i = 0; i < list.size(); i++) {
            if (each.test(list.get(i), i)) {
                return i;
            }
        }
        return -1;
    }

    private static int indexOf(FunctionCall call) {
        call.charge(call.list(0).size());
        return indexWhere(call.list(0), (item, index) -> Comparisons.equal(item, call.value(1)));
    }

    private static JsonArray part(JsonArray list, int from, int to) {
        return JsonArray.of(list.subList(from, Math.max(from, Math.min(to, list.size())))
                .toArray());
    }

    private static Object distinct(FunctionCall call) {
        Set<Object> seen = new HashSet<>();
        ItemFunction by = ofOrItself(call);
        return filter(call.list(0), (item, index) -> seen.add(Comparisons.key(by.apply(item, index))));
    }

    private static Object without(FunctionCall call) {
        Set<Object> unwanted = new HashSet<>();
        for (int i = 1; i < call.count(); i++) {
            unwanted.add(Comparisons.key(call.value(i)));
        }
        return filter(call.list(0), (item, index) -> !unwanted.contains(Comparisons.key(item)));
    }

    private static Object sort(FunctionCall call) {
        JsonArray list = call.list(0);
        JsonArray keys = map(list, ofOrItself(call));
        Integer[] places = new Integer[list.size()];
        Arrays.setAll(places, i -> i);
        int sign = call.text(2, "asc").equals("desc") ? -1 : 1;
        Arrays.sort(places, (a, b) -> Comparisons.orderNullLast(keys.get(a), keys.get(b), sign));
        return JsonArray.of(Arrays.stream(places).map(list::get).toArray());
    }

    private static JsonArray flatten(FunctionCall call, JsonArray list, int depth, boolean dropNull) {
        List<@Nullable Object> all = new ArrayList<>();
        for (Object element : list) {
            if (element instanceof JsonArray inner && depth > 0) {
                JsonArray flat = flatten(call, inner, depth - 1, false);
                call.charge(flat.size());
                all.addAll(flat);
            } else if (element != null || !dropNull) {
                all.add(element);
            }
        }
        return JsonArray.of(all.toArray());
    }

    private static Object chunk(FunctionCall call) {
        int size = call.integer(1);
        if (size < 1) {
            throw call.failure("'size' is " + size + "; it must be at least 1");
        }
        JsonArray list = call.list(0);
        List<Object> chunks = new ArrayList<>();
        for (int from = 0; from < list.size(); from += Math.min(size, list.size() - from)) {
            chunks.add(part(list, from, from + Math.min(size, list.size() - from)));
        }
        return JsonArray.of(chunks.toArray());
    }

    private static Object group(FunctionCall call) {
        JsonArray list = call.list(0);
        ItemFunction by = call.each(1);
        Map<Object, List<@Nullable Object>> groups = new LinkedHashMap<>();
        List<@Nullable Object> keys = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Object key = by.apply(list.get(i), i);
            groups.computeIfAbsent(Comparisons.key(key), first -> {
                        keys.add(key);
                        return new ArrayList<>();
                    })
                    .add(list.get(i));
        }
        List<Object> result = new ArrayList<>();
        for (List<@Nullable Object> items : groups.values()) {
            result.add(JsonObject.builder()
                    .put("key", keys.get(result.size()))
                    .put("items", JsonArray.of(items.toArray()))
                    .build());
        }
        return JsonArray.of(result.toArray());
    }

    private static Object zip(FunctionCall call) {
        JsonArray left = call.list(0);
        JsonArray right = call.list(1);
        @Nullable Object[] pairs = new @Nullable Object[Math.max(left.size(), right.size())];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = JsonArray.of(i < left.size() ? left.get(i) : null, i < right.size() ? right.get(i) : null);
        }
        return JsonArray.of(pairs);
    }

    private static Object join(FunctionCall call) {
        StringBuilder text = new StringBuilder();
        String separator = call.text(1, ", ");
        boolean first = true;
        for (Object element : call.list(0)) {
            if (element != null) {
                String piece = Json.toText(element);
                call.charge(separator.length() + (long) piece.length());
                text.append(first ? "" : separator).append(piece);
                first = false;
            }
        }
        return text.toString();
    }

    private static Object range(FunctionCall call) {
        long size = call.integer(1) - (long) call.integer(0) + 1;
        if (size > 1_000_000) {
            throw call.failure("the list would have " + size + " elements; at most 1000000 are made");
        }
        Object[] numbers = new Object[(int) Math.max(0, size)];
        Arrays.setAll(numbers, i -> (long) call.integer(0) + i);
        return JsonArray.of(numbers);
    }
}
