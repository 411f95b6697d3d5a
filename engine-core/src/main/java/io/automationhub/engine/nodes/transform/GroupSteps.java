package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.expression.ItemFunction;
import io.automationhub.engine.functions.Summary;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps that make few items of many: group, summarise, aggregate. */
final class GroupSteps {

    private GroupSteps() {}

    /** Makes one item of each group; groups come in the order of their first items. */
    private abstract static class Grouped<G> extends Stage {

        private final List<Key> by;
        private final JsonObject.Shape shape;
        private Map<Object, Group<G>> groups = new LinkedHashMap<>();

        private static final class Group<G> {
            final @Nullable Object[] keys;
            final G content;

            Group(@Nullable Object[] keys, G content) {
                this.keys = keys;
                this.content = content;
            }
        }

        Grouped(StepContext step, ItemSink next, List<Key> by, List<String> fields) {
            super(step, next);
            this.by = by;
            List<String> names = new ArrayList<>(Key.names(by));
            names.addAll(fields);
            try {
                shape = JsonObject.Shape.of(names);
            } catch (IllegalArgumentException e) {
                throw step.failure("two fields of the result have the same name, " + names + "; give one another name");
            }
            if (by.isEmpty()) {
                groups.put(List.of(), new Group<>(new @Nullable Object[0], begin()));
            }
        }

        abstract G begin();

        abstract void add(G group, @Nullable Object item, long at);

        /** What stands in the fields of a group, after its keys. */
        abstract @Nullable Object[] fields(G group);

        @Override
        final void take(@Nullable Object item, long at) {
            @Nullable Object[] keys = Key.read(by, item, at);
            Object hashed = Key.hashed(keys);
            Group<G> group = groups.get(hashed);
            if (group == null) {
                step.keepKeys(keys);
                group = new Group<>(keys, begin());
                groups.put(hashed, group);
            }
            add(group.content, item, at);
        }

        @Override
        public final void end() {
            for (Group<G> group : groups.values()) {
                if (next.isFull()) {
                    break;
                }
                @Nullable Object[] fields = fields(group.content);
                @Nullable Object[] values = Arrays.copyOf(group.keys, group.keys.length + fields.length);
                System.arraycopy(fields, 0, values, group.keys.length, fields.length);
                next.accept(shape.object(values));
            }
            groups = Map.of();
            next.end();
        }

        @Override
        public final boolean isFull() {
            return false;
        }
    }

    static ItemSink group(StepContext step, ItemSink next) {
        return new Grouped<List<@Nullable Object>>(step, next, step.keys("by"), List.of(step.textOr("items", "as"))) {
            @Override
            List<@Nullable Object> begin() {
                return new ArrayList<>();
            }

            @Override
            void add(List<@Nullable Object> group, @Nullable Object item, long at) {
                step.keep(item);
                group.add(item);
            }

            @Override
            @Nullable
            Object[] fields(List<@Nullable Object> group) {
                return new @Nullable Object[] {JsonArray.of(group.toArray())};
            }
        };
    }

    /** A field of a summary. */
    private record Total(ItemFunction value, Summary function, String separator) {}

    static ItemSink summarise(StepContext step, ItemSink next) {
        JsonObject fields = FieldSteps.objectOf(step, "fields");
        List<Total> totals = new ArrayList<>();
        fields.forEach((name, entry) -> totals.add(total(step, name, entry)));
        return new Grouped<Summary.Result[]>(step, next, step.keys("by"), List.copyOf(fields.keySet())) {
            @Override
            Summary.Result[] begin() {
                Summary.Result[] results = new Summary.Result[totals.size()];
                for (int i = 0; i < results.length; i++) {
                    results[i] = totals.get(i).function().start(totals.get(i).separator());
                }
                return results;
            }

            @Override
            void add(Summary.Result[] results, @Nullable Object item, long at) {
                for (int i = 0; i < results.length; i++) {
                    Object value = totals.get(i).value().apply(item, at);
                    if (totals.get(i).function() == Summary.CONCAT) {
                        step.keep(value);
                    }
                    results[i].add(value);
                }
            }

            @Override
            @Nullable
            Object[] fields(Summary.Result[] results) {
                @Nullable Object[] values = new @Nullable Object[results.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Json.of(results[i].value());
                }
                return values;
            }
        };
    }

    private static Total total(StepContext step, String name, @Nullable Object entry) {
        JsonObject written = entry instanceof JsonObject object ? object : JsonObject.EMPTY;
        Summary function = Summary.valueOf(step.text("fields", name, "function").toUpperCase(Locale.ROOT));
        boolean all = function == Summary.COUNT && !written.containsKey("field") && !written.containsKey("value");
        return new Total(
                all ? (item, at) -> true : step.reader(written, "fields", name),
                function,
                step.textOr(", ", "fields", name, "separator"));
    }

    static ItemSink aggregate(StepContext step, ItemSink next) {
        Map<String, ItemFunction> lists = new LinkedHashMap<>();
        if (step.written().get("fields") instanceof JsonObject fields) {
            fields.keySet().forEach(name -> lists.put(name, step.each("fields", name)));
        } else {
            lists.put(step.textOr("items", "as"), (item, at) -> item);
        }
        return new Aggregate(step, next, lists, step.isTrue("skipNull"));
    }

    /** Makes one item of all: a list of each field. */
    private static final class Aggregate extends Stage {

        private final List<ItemFunction> values;
        private final JsonObject.Shape shape;
        private final List<List<@Nullable Object>> lists = new ArrayList<>();
        private final boolean skipNull;

        Aggregate(StepContext step, ItemSink next, Map<String, ItemFunction> lists, boolean skipNull) {
            super(step, next);
            this.values = List.copyOf(lists.values());
            this.shape = JsonObject.Shape.of(lists.keySet());
            this.skipNull = skipNull;
            values.forEach(value -> this.lists.add(new ArrayList<>()));
        }

        @Override
        void take(@Nullable Object item, long at) {
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i).apply(item, at);
                if (value != null || !skipNull) {
                    step.keep(value);
                    lists.get(i).add(value);
                }
            }
        }

        @Override
        public void end() {
            next.accept(shape.object(
                    lists.stream().map(list -> JsonArray.of(list.toArray())).toArray()));
            lists.clear();
            next.end();
        }

        @Override
        public boolean isFull() {
            return false;
        }
    }
}
