package io.automationhub.engine.functions;

import static io.automationhub.engine.expression.ExpressionFunction.named;
import static io.automationhub.engine.expression.ValueType.ANY;
import static io.automationhub.engine.expression.ValueType.BOOLEAN;
import static io.automationhub.engine.expression.ValueType.LIST;
import static io.automationhub.engine.expression.ValueType.OBJECT;
import static io.automationhub.engine.expression.ValueType.TEXT;

import io.automationhub.engine.expression.FieldPath;
import io.automationhub.engine.expression.FunctionCall;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.expression.ValueType;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions on objects; each gives a new one. */
final class ObjectFunctions {

    private ObjectFunctions() {}

    static void register(FunctionLibrary.Builder library) {
        library.add(named("object:keys")
                .takes("object", OBJECT)
                .gives(LIST)
                .does("The keys.")
                .example("{'a': 1, 'b': 2}.keys()", "['a', 'b']")
                .as(call -> JsonArray.of(call.object(0).keySet().toArray())));
        library.add(named("object:values")
                .takes("object", OBJECT)
                .gives(LIST)
                .does("The values.")
                .example("{'a': 1, 'b': 2}.values()", "[1, 2]")
                .as(call -> JsonArray.of(call.object(0).values().toArray())));
        library.add(named("object:entries")
                .takes("object", OBJECT)
                .gives(LIST)
                .does("An object of key and value for each field.")
                .example("{'a': 1}.entries()", "[{'key': 'a', 'value': 1}]")
                .as(ObjectFunctions::entries));
        library.add(named("object:fromEntries")
                .takes("list", LIST)
                .gives(OBJECT)
                .does(
                        "The object of a list of objects that have a key and a value; of several with one key the last counts.")
                .example("[{'key': 'a', 'value': 1}].fromEntries()", "{'a': 1}")
                .as(ObjectFunctions::fromEntries));
        library.add(named("object:merge")
                .takes("object", OBJECT)
                .takesMore("others", OBJECT)
                .gives(OBJECT)
                .does("The fields of all objects; of several with one key the last counts.")
                .example("{'a': 1, 'b': 1}.merge({'b': 2, 'c': 3})", "{'a': 1, 'b': 2, 'c': 3}")
                .as(call -> merge(call, false)));
        library.add(named("object:mergeDeep")
                .takes("object", OBJECT)
                .takesMore("others", OBJECT)
                .gives(OBJECT)
                .does("As merge, and where two values of one key are objects, they are merged, too.")
                .example("{'a': {'x': 1}}.mergeDeep({'a': {'y': 2}})", "{'a': {'x': 1, 'y': 2}}")
                .as(call -> merge(call, true)));
        library.add(named("object:pick")
                .takes("object", OBJECT)
                .takesMore("keys", ANY)
                .gives(OBJECT)
                .does("Only the fields with some keys, given one by one or as a list.")
                .example("{'a': 1, 'b': 2}.pick('b', 'x')", "{'b': 2}")
                .example("{'a': 1, 'b': 2}.pick(['a'])", "{'a': 1}")
                .as(call -> select(call, true)));
        library.add(named("object:omit")
                .takes("object", OBJECT)
                .takesMore("keys", ANY)
                .gives(OBJECT)
                .does("All fields but those with some keys, given one by one or as a list.")
                .example("{'a': 1, 'b': 2}.omit('b')", "{'a': 1}")
                .as(call -> select(call, false)));
        library.add(named("object:set")
                .takes("object", OBJECT)
                .takes("key", TEXT)
                .takes("value", ANY)
                .gives(OBJECT)
                .does("The object with one field given another value.")
                .example("{'a': 1}.set('b', 2)", "{'a': 1, 'b': 2}")
                .as(call -> call.object(0).with(call.text(1), call.value(2))));
        library.add(named("object:compact")
                .takes("object", OBJECT)
                .gives(OBJECT)
                .does("The fields that are not null.")
                .example("{'a': null, 'b': 0}.compact()", "{'b': 0}")
                .as(ObjectFunctions::compact));
        library.add(named("object:has")
                .takes("object", OBJECT)
                .takes("key", TEXT)
                .gives(BOOLEAN)
                .does("Whether there is a field with a key, null or not.")
                .example("{'a': null}.has('a')", "true")
                .as(call -> call.object(0).containsKey(call.text(1))));
        get(library, "object", OBJECT, "{'a': {'b': [7]}}.get('a.b.0')", "7");
        get(library, "list", LIST, "[{'a': 1}].get('0.b', 'none')", "'none'");
    }

    private static void get(
            FunctionLibrary.Builder library, String namespace, ValueType type, String example, String value) {
        library.add(named(namespace + ":get")
                .takes(namespace, type)
                .takes("path", TEXT)
                .mayTake("otherwise", ANY)
                .gives(ANY)
                .does(
                        "What stands at a path of keys and positions with dots between them; null, or another value, if nothing does.")
                .example(example, value)
                .as(call -> {
                    Object found = FieldPath.of(call.text(1)).read(call.value(0));
                    return found == null ? call.value(2) : found;
                }));
    }

    private static Object entries(FunctionCall call) {
        List<Object> entries = new ArrayList<>();
        call.object(0)
                .forEach((key, value) -> entries.add(
                        JsonObject.builder().put("key", key).put("value", value).build()));
        return JsonArray.of(entries.toArray());
    }

    private static Object fromEntries(FunctionCall call) {
        JsonObject.Builder object = JsonObject.builder();
        for (Object entry : call.list(0)) {
            if (!(entry instanceof JsonObject fields) || !(fields.get("key") instanceof String key)) {
                throw call.failure(
                        "an element is no object with a text as 'key'; it looks like {'key': 'a', 'value': 1}");
            }
            object.put(key, fields.get("value"));
        }
        return object.build();
    }

    private static Object merge(FunctionCall call, boolean deep) {
        Merged merged = new Merged(deep);
        for (int i = 0; i < call.count(); i++) {
            if (call.has(i)) {
                merged.add(call.object(i));
            }
        }
        return merged.object();
    }

    private static Object select(FunctionCall call, boolean named) {
        Set<@Nullable Object> keys = new HashSet<>();
        for (int i = 1; i < call.count(); i++) {
            if (call.value(i) instanceof JsonArray list) {
                keys.addAll(list);
            } else {
                keys.add(call.value(i));
            }
        }
        JsonObject.Builder result = JsonObject.builder();
        call.object(0).forEach((key, value) -> {
            if (keys.contains(key) == named) {
                result.put(key, value);
            }
        });
        return result.build();
    }

    private static Object compact(FunctionCall call) {
        JsonObject.Builder result = JsonObject.builder();
        call.object(0).forEach((key, value) -> {
            if (value != null) {
                result.put(key, value);
            }
        });
        return result.build();
    }
}
