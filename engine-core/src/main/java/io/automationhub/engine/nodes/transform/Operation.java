package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps that a transform can take, each with the schema of its configuration and examples. JSON is written with single
 * quotes here.
 */
@SuppressWarnings("ImmutableEnumChecker") // Lists of List.of and method references do not change.
enum Operation {
    MAP(
            "Makes an item of each item: an object of new fields, or any value.",
            "",
            """
            'fields': {'type': 'object', 'x-content': 'item', 'minProperties': 1,
              'description': 'The fields of the new item; each is an expression over item.'},
            'value': {'x-content': 'item', 'description': 'The new item, instead of fields: an expression over item.'}
            """,
            FieldSteps::map,
            example(
                    "{'op': 'map', 'fields': {'name': 'item.last.upper()', 'no': 'index + 1'}}",
                    "[{'first': 'Ada', 'last': 'Lovelace', 'born': 1815}]",
                    "[{'name': 'LOVELACE', 'no': 1}]"),
            example("{'op': 'map', 'value': 'item.id'}", "[{'id': 7}, {'id': 8}]", "[7, 8]")),
    SET(
            "Sets fields of each item, and leaves the others. Each expression sees the item as it came.",
            "fields",
            """
            'fields': {'type': 'object', 'x-content': 'item', 'minProperties': 1,
              'description': 'The path of each field, and an expression over item for its value.'}
            """,
            FieldSteps::set,
            example(
                    "{'op': 'set', 'fields': {'total': 'item.price * item.count', 'buyer.vip': true}}",
                    "[{'price': 2.5, 'count': 4, 'buyer': {'id': 1}}]",
                    "[{'price': 2.5, 'count': 4, 'buyer': {'id': 1, 'vip': true}, 'total': 10}]")),
    RENAME(
            "Gives fields other names. Fails if an item would have two of one name.",
            "fields",
            """
            'fields': {'type': 'object', 'minProperties': 1, 'additionalProperties': {'type': 'string'},
              'description': 'The old name of each field, and its new one. A field that is absent is passed over.'}
            """,
            FieldSteps::rename,
            example(
                    "{'op': 'rename', 'fields': {'Order No': 'id'}}",
                    "[{'Order No': 17, 'Net': 5}]",
                    "[{'id': 17, 'Net': 5}]")),
    REMOVE(
            "Removes fields.",
            "fields",
            """
            'fields': {'type': 'array', 'minItems': 1, 'items': {'type': 'string'},
              'description': 'The paths of the fields.'}
            """,
            FieldSteps::remove,
            example(
                    "{'op': 'remove', 'fields': ['note', 'buyer.password']}",
                    "[{'id': 1, 'note': 'x', 'buyer': {'id': 2, 'password': 'y'}}]",
                    "[{'id': 1, 'buyer': {'id': 2}}]")),
    KEEP(
            "Keeps only some fields, in the order in which they are named.",
            "fields",
            """
            'fields': {'type': 'array', 'minItems': 1, 'items': {'type': 'string'},
              'description': 'The names of the fields. A field that is absent is passed over.'}
            """,
            FieldSteps::keep,
            example("{'op': 'keep', 'fields': ['b', 'a']}", "[{'a': 1, 'b': 2, 'c': 3}]", "[{'b': 2, 'a': 1}]")),
    CONVERT(
            "Converts fields to other types. What is null or absent stays so.",
            "fields",
            """
            'fields': {'type': 'object', 'minProperties': 1, 'x-content': 'literal', 'additionalProperties':
                {'enum': ['string', 'number', 'integer', 'boolean', 'date', 'json']},
              'description': 'The path of each field, and its new type. Dates are in ISO-8601; for other forms set the field with parseDate, for numbers of a locale with parseNumber.'},
            'onError': {'enum': ['fail', 'null'], 'x-content': 'literal', 'default': 'fail',
              'description': 'What becomes of a value that cannot be converted.'}
            """,
            FieldSteps::convert,
            example(
                    "{'op': 'convert', 'fields': {'price': 'number', 'paid': 'boolean', 'id': 'string'}}",
                    "[{'price': '2.50', 'paid': 'true', 'id': 7}]",
                    "[{'price': 2.50, 'paid': true, 'id': '7'}]"),
            example(
                    "{'op': 'convert', 'fields': {'price': 'number'}, 'onError': 'null'}",
                    "[{'price': 'n/a'}]",
                    "[{'price': null}]")),
    FILTER(
            "Lets pass the items for which an expression is true.",
            "when",
            """
            'when': {'type': ['string', 'boolean'], 'x-content': 'item', 'description': 'An expression over item.'}
            """,
            SelectSteps::filter,
            example("{'op': 'filter', 'when': 'item.total > 10'}", "[{'total': 9}, {'total': 11}]", "[{'total': 11}]")),
    SORT(
            "Sorts by fields; items with the same keep their order, and null stands last.",
            "by",
            by(
                    ", 'order': {'enum': ['asc', 'desc'], 'x-content': 'literal', 'default': 'asc', 'description': 'Whether small or large ones come first.'}",
                    "By what items are sorted: a path, or a list of paths and objects, the most important first."),
            SelectSteps::sort,
            example(
                    "{'op': 'sort', 'by': ['group', {'field': 'total', 'order': 'desc'}]}",
                    "[{'group': 'b', 'total': 1}, {'group': 'a', 'total': 1}, {'group': 'a', 'total': 2}]",
                    "[{'group': 'a', 'total': 2}, {'group': 'a', 'total': 1}, {'group': 'b', 'total': 1}]")),
    LIMIT(
            "Lets pass so many items from the start, or from the end.",
            "count",
            """
            'count': {'type': 'integer', 'minimum': 0, 'description': 'How many items pass.'},
            'offset': {'type': 'integer', 'minimum': 0, 'default': 0,
              'description': 'How many are left out before, or with from end, after them.'},
            'from': {'enum': ['start', 'end'], 'x-content': 'literal', 'default': 'start',
              'description': 'Whether the first items pass, or the last.'}
            """,
            SelectSteps::limit,
            example("{'op': 'limit', 'count': 2, 'offset': 1}", "[1, 2, 3, 4]", "[2, 3]"),
            example("{'op': 'limit', 'count': 2, 'from': 'end'}", "[1, 2, 3, 4]", "[3, 4]")),
    DISTINCT(
            "Lets pass the first of the items that are the same, or have the same in some fields.",
            "",
            by("", "What is compared: a path, or a list of paths and objects; the whole item if absent."),
            SelectSteps::distinct,
            example(
                    "{'op': 'distinct', 'by': 'mail'}",
                    "[{'mail': 'a@x', 'no': 1}, {'mail': 'b@x', 'no': 2}, {'mail': 'a@x', 'no': 3}]",
                    "[{'mail': 'a@x', 'no': 1}, {'mail': 'b@x', 'no': 2}]"),
            example("{'op': 'distinct'}", "[1, 1.0, '1']", "[1, '1']")),
    SPLIT(
            "Makes an item of each element of a list in the item.",
            "",
            """
            'field': {'type': 'string', 'description': 'The path of the list; the item itself if absent.'},
            'as': {'type': 'string', 'description': 'The path at which the element stands in the new item; that of the list if absent.'},
            'alone': {'type': 'boolean', 'default': false, 'x-content': 'literal',
              'description': 'Whether the element itself is the new item, without the other fields.'},
            'keepEmpty': {'type': 'boolean', 'default': false, 'x-content': 'literal',
              'description': 'Whether an item whose list is empty, null or absent passes, with null for the element.'}
            """,
            SelectSteps::split,
            example(
                    "{'op': 'split', 'field': 'lines', 'as': 'line'}",
                    "[{'id': 1, 'lines': ['a', 'b']}, {'id': 2, 'lines': []}]",
                    "[{'id': 1, 'line': 'a'}, {'id': 1, 'line': 'b'}]"),
            example(
                    "{'op': 'split', 'field': 'lines', 'alone': true}",
                    "[{'id': 1, 'lines': [{'sku': 'a'}, {'sku': 'b'}]}]",
                    "[{'sku': 'a'}, {'sku': 'b'}]")),
    AGGREGATE(
            "Makes one item of all: a list of what the items have, for each field.",
            "",
            """
            'fields': {'type': 'object', 'x-content': 'item', 'minProperties': 1,
              'description': 'The name of each list, and an expression over item for its elements.'},
            'as': {'type': 'string', 'default': 'items', 'description': 'The name of the list of all items, without fields.'},
            'skipNull': {'type': 'boolean', 'default': false, 'x-content': 'literal',
              'description': 'Whether null is left out of the lists.'}
            """,
            GroupSteps::aggregate,
            example("{'op': 'aggregate', 'fields': {'ids': 'item.id'}}", "[{'id': 1}, {'id': 2}]", "[{'ids': [1, 2]}]"),
            example(
                    "{'op': 'aggregate', 'as': 'orders'}",
                    "[{'id': 1}, {'id': 2}]",
                    "[{'orders': [{'id': 1}, {'id': 2}]}]")),
    GROUP(
            "Makes an item of each group of items that have the same in some fields, in the order of their first items.",
            "by",
            by(
                            ", 'as': {'type': 'string', 'description': 'The name of the field that it becomes.'}",
                            "By what items are grouped: a path, or a list of paths and objects.")
                    + ", 'as': {'type': 'string', 'default': 'items', 'description': 'The name of the list of its items.'}",
            GroupSteps::group,
            example(
                    "{'op': 'group', 'by': 'buyer.country', 'as': 'orders'}",
                    "[{'id': 1, 'buyer': {'country': 'FR'}}, {'id': 2, 'buyer': {'country': 'FR'}}]",
                    "[{'country': 'FR', 'orders': [{'id': 1, 'buyer': {'country': 'FR'}}, {'id': 2, 'buyer': {'country': 'FR'}}]}]")),
    SUMMARISE(
            "Makes an item of each group with what its items come to; of all items, without by. Null does not count.",
            "fields",
            by(
                            ", 'as': {'type': 'string', 'description': 'The name of the field that it becomes.'}",
                            "By what items are grouped: a path, or a list of paths and objects.")
                    + """
            , 'fields': {'type': 'object', 'minProperties': 1, 'additionalProperties': {
                'type': 'object', 'additionalProperties': false, 'required': ['function'], 'properties': {
                  'function': {'enum': ['count', 'sum', 'avg', 'min', 'max', 'first', 'last', 'concat'],
                    'x-content': 'literal', 'description': 'What is computed.'},
                  'field': {'type': 'string', 'description': 'The path of what is summarised. Only count needs none.'},
                  'value': {'x-content': 'item', 'description': 'An expression over item, instead of field.'},
                  'separator': {'type': 'string', 'default': ', ', 'description': 'What stands between texts, for concat.'}}},
              'description': 'The name of each field, and how it is computed.'}
            """,
            GroupSteps::summarise,
            example(
                    "{'op': 'summarise', 'by': 'country', 'fields': {'orders': {'function': 'count'}, 'sales': {'function': 'sum', 'value': 'item.price * item.count'}}}",
                    "[{'country': 'FR', 'price': 2, 'count': 3}, {'country': 'IT', 'price': 1, 'count': 1}, {'country': 'FR', 'price': 1, 'count': 1}]",
                    "[{'country': 'FR', 'orders': 2, 'sales': 7}, {'country': 'IT', 'orders': 1, 'sales': 1}]"),
            example(
                    "{'op': 'summarise', 'fields': {'names': {'function': 'concat', 'field': 'name', 'separator': ' & '}, 'oldest': {'function': 'max', 'field': 'age'}}}",
                    "[{'name': 'Ann', 'age': 30}, {'name': 'Bob', 'age': 25}]",
                    "[{'names': 'Ann & Bob', 'oldest': 30}]")),
    JOIN(
            "Brings the items together with those of another list that have the same key. An item with several partners comes several times; null is no key.",
            "with on",
            """
            'with': {'type': 'array', 'description': 'The other list.'},
            'on': {'type': ['string', 'array', 'object'],
              'description': 'The path of the key: a text if it is the same in both lists, {left, right} if not, a list of these for keys of several fields.',
              'required': ['left', 'right'], 'additionalProperties': false, 'minItems': 1,
              'properties': {
                'left': {'type': 'string', 'description': 'The path of the key in the items.'},
                'right': {'type': 'string', 'description': 'The path of the key in the other list.'}},
              'items': {'type': ['string', 'object'], 'required': ['left', 'right'], 'additionalProperties': false,
                'properties': {'left': {'type': 'string', 'description': 'As above.'},
                  'right': {'type': 'string', 'description': 'As above.'}}}},
            'kind': {'enum': ['inner', 'left', 'full', 'anti'], 'x-content': 'literal', 'default': 'inner',
              'description': 'Which items pass: those with a partner; all; all and those of the other list; those without a partner.'},
            'as': {'type': 'string', 'description': 'The field in which the partner stands. Without it, its fields are added to those of the item, which win.'}
            """,
            JoinStep::open,
            example(
                    "{'op': 'join', 'with': [{'id': 1, 'name': 'Ann'}], 'on': {'left': 'buyer', 'right': 'id'}, 'kind': 'left', 'as': 'customer'}",
                    "[{'order': 7, 'buyer': 1}, {'order': 8, 'buyer': 2}]",
                    "[{'order': 7, 'buyer': 1, 'customer': {'id': 1, 'name': 'Ann'}}, {'order': 8, 'buyer': 2, 'customer': null}]"),
            example(
                    "{'op': 'join', 'with': [{'sku': 'a', 'stock': 3}, {'sku': 'c', 'stock': 0}], 'on': 'sku', 'kind': 'full'}",
                    "[{'sku': 'a', 'sold': 1}, {'sku': 'b', 'sold': 2}]",
                    "[{'sku': 'a', 'sold': 1, 'stock': 3}, {'sku': 'b', 'sold': 2}, {'sku': 'c', 'stock': 0}]"),
            example(
                    "{'op': 'join', 'with': [{'id': 2}], 'on': 'id', 'kind': 'anti'}",
                    "[{'id': 1}, {'id': 2}]",
                    "[{'id': 1}]")),
    MERGE(
            "Merges an object into each item; without it, all items into one, in which what comes later wins.",
            "",
            """
            'with': {'type': 'object', 'description': 'The object.'},
            'prefer': {'enum': ['with', 'item'], 'x-content': 'literal', 'default': 'with',
              'description': 'Whose field wins if both have it.'},
            'deep': {'type': 'boolean', 'default': false, 'x-content': 'literal',
              'description': 'Whether objects that stand in both are merged, too.'}
            """,
            FieldSteps::merge,
            example(
                    "{'op': 'merge', 'with': {'currency': 'EUR'}, 'prefer': 'item'}",
                    "[{'id': 1}, {'id': 2, 'currency': 'USD'}]",
                    "[{'currency': 'EUR', 'id': 1}, {'currency': 'USD', 'id': 2}]"),
            example(
                    "{'op': 'merge', 'deep': true}",
                    "[{'a': {'x': 1}}, {'a': {'y': 2}, 'b': 3}]",
                    "[{'a': {'x': 1, 'y': 2}, 'b': 3}]")),
    FLATTEN(
            "Makes the fields of nested objects fields of the item, with the way to each in its name.",
            "",
            """
            'separator': {'type': 'string', 'default': '.', 'description': 'What stands between the names.'},
            'depth': {'type': 'integer', 'minimum': 0, 'description': 'How many levels are flattened; all if absent.'},
            'lists': {'type': 'boolean', 'default': false, 'x-content': 'literal',
              'description': 'Whether lists are flattened, too, with the positions in the names.'}
            """,
            FieldSteps::flatten,
            example(
                    "{'op': 'flatten', 'separator': '_'}",
                    "[{'id': 1, 'buyer': {'name': 'Ann', 'tags': ['x']}}]",
                    "[{'id': 1, 'buyer_name': 'Ann', 'buyer_tags': ['x']}]"),
            example("{'op': 'flatten', 'lists': true}", "[{'a': [{'b': 1}, 2]}]", "[{'a.0.b': 1, 'a.1': 2}]"));

    private final String description;
    private final List<String> required;
    private final String properties;
    private final Opener opener;
    private final List<Example> examples;

    Operation(String description, String required, String properties, Opener opener, Example... examples) {
        this.description = description;
        this.required = required.isEmpty() ? List.of() : List.of(required.split(" "));
        this.properties = properties;
        this.opener = opener;
        this.examples = List.of(examples);
    }

    /** Opens a step whose results go to {@code next}. */
    @FunctionalInterface
    interface Opener {
        ItemSink open(StepContext step, ItemSink next);
    }

    /** A step, a list, and what becomes of it; as JSON. */
    record Example(String step, String before, String after) {}

    private static Example example(String step, String before, String after) {
        return new Example(quoted(step), quoted(before), quoted(after));
    }

    /** JSON of what is written with single quotes. */
    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    /** The schema of {@code by}: fields, or expressions with a name. */
    private static String by(String more, String description) {
        return """
            'by': {'type': ['string', 'array'], 'minItems': 1, 'description': '%s',
              'items': {'type': ['string', 'object'], 'additionalProperties': false, 'properties': {
                'field': {'type': 'string', 'description': 'The path of a field.'},
                'value': {'x-content': 'item', 'description': 'An expression over item, instead of field.'}%s}}}
            """.formatted(description, more);
    }

    /** What it does, in a sentence or two. */
    String description() {
        return description;
    }

    List<Example> examples() {
        return examples;
    }

    /** Its name in a step's {@code op}. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The operation of a step's {@code op}. */
    static Optional<Operation> of(@Nullable Object text) {
        return Arrays.stream(values())
                .filter(operation -> operation.text().equals(text))
                .findFirst();
    }

    ItemSink open(StepContext step, ItemSink next) {
        return opener.open(step, next);
    }

    /** The schema of a step of this kind. */
    JsonObject schema() {
        String all = "{'op': {'const': '" + text() + "'}, " + properties + "}";
        JsonObject parsed = Json.object(Json.parse(quoted(all)));
        JsonObject.Builder schema =
                JsonObject.builder().put("description", description).put("properties", parsed);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema.put("additionalProperties", false)
                .put(
                        "examples",
                        examples.stream()
                                .map(example -> Json.parse(example.step()))
                                .toList())
                .build();
    }
}
