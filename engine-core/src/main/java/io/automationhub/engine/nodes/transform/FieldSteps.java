package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.expression.FieldPath;
import io.automationhub.engine.expression.ItemFunction;
import io.automationhub.engine.functions.Conversion;
import io.automationhub.engine.functions.Merged;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps that make one item of one item: map, set, rename, remove, keep, convert, merge with an object, flatten. */
final class FieldSteps {

    /** A flat object beyond this has lost its use. */
    private static final int MAX_FLAT_FIELDS = 100_000;

    private FieldSteps() {}

    private static ItemSink each(StepContext step, ItemSink next, ItemFunction function) {
        return new Stage(step, next) {
            @Override
            void take(@Nullable Object item, long at) {
                next.accept(function.apply(item, at));
            }
        };
    }

    static ItemSink map(StepContext step, ItemSink next) {
        return each(step, next, step.each(step.written().containsKey("fields") ? "fields" : "value"));
    }

    static ItemSink set(StepContext step, ItemSink next) {
        Map<FieldPath, ItemFunction> fields = new LinkedHashMap<>();
        for (String name : objectOf(step, "fields").keySet()) {
            fields.put(FieldPath.of(name), step.each("fields", name));
        }
        return each(step, next, (item, at) -> {
            JsonObject row = step.object(item);
            for (Map.Entry<FieldPath, ItemFunction> field : fields.entrySet()) {
                row = field.getKey().write(row, field.getValue().apply(item, at));
            }
            return row;
        });
    }

    static ItemSink rename(StepContext step, ItemSink next) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : objectOf(step, "fields").keySet()) {
            names.put(name, step.text("fields", name));
        }
        return each(step, next, (item, at) -> renamed(step.object(item), names));
    }

    private static JsonObject renamed(JsonObject row, Map<String, String> names) {
        JsonObject.Builder fields = JsonObject.builder();
        row.forEach((name, value) -> {
            String renamed = names.getOrDefault(name, name);
            if (fields.containsKey(renamed)) {
                throw new ExpressionException(
                        1, "there would be two fields '" + renamed + "'; remove or rename the other one, too");
            }
            fields.put(renamed, value);
        });
        return fields.build();
    }

    static ItemSink remove(StepContext step, ItemSink next) {
        List<FieldPath> fields =
                step.names("fields").stream().map(FieldPath::of).toList();
        return each(step, next, (item, at) -> {
            JsonObject row = step.object(item);
            for (FieldPath field : fields) {
                row = field.remove(row);
            }
            return row;
        });
    }

    static ItemSink keep(StepContext step, ItemSink next) {
        Set<String> names = new LinkedHashSet<>(step.names("fields"));
        return each(step, next, (item, at) -> {
            JsonObject row = step.object(item);
            JsonObject.Builder kept = JsonObject.builder();
            names.forEach(name -> {
                if (row.containsKey(name)) {
                    kept.put(name, row.get(name));
                }
            });
            return kept.build();
        });
    }

    static ItemSink convert(StepContext step, ItemSink next) {
        Map<FieldPath, Conversion> fields = new LinkedHashMap<>();
        for (String name : objectOf(step, "fields").keySet()) {
            fields.put(FieldPath.of(name), conversion(step, name));
        }
        boolean orNull = step.textOr("fail", "onError").equals("null");
        return each(step, next, (item, at) -> {
            JsonObject row = step.object(item);
            for (Map.Entry<FieldPath, Conversion> field : fields.entrySet()) {
                Object value = field.getKey().read(row);
                if (value != null) {
                    row = field.getKey().write(row, converted(field.getKey(), field.getValue(), value, orNull));
                }
            }
            return row;
        });
    }

    private static Conversion conversion(StepContext step, String field) {
        return Conversion.valueOf(step.text("fields", field).toUpperCase(Locale.ROOT));
    }

    private static @Nullable Object converted(FieldPath field, Conversion conversion, Object value, boolean orNull) {
        try {
            return conversion.of(value);
        } catch (ExpressionException e) {
            if (orNull) {
                return null;
            }
            throw new ExpressionException(
                    1, "the field '" + field + "' " + e.getMessage() + "; with \"onError\": \"null\" it becomes null");
        }
    }

    static ItemSink merge(StepContext step, ItemSink next) {
        boolean deep = step.isTrue("deep");
        if (!step.written().containsKey("with")) {
            return new MergeAll(step, next, deep);
        }
        if (!(step.value("with") instanceof JsonObject other)) {
            throw step.failure("'with' needs an object, found " + StepContext.typed(step.value("with")));
        }
        boolean itemWins = step.textOr("with", "prefer").equals("item");
        return each(step, next, (item, at) -> {
            JsonObject row = step.object(item);
            return itemWins ? merged(other, row, deep) : merged(row, other, deep);
        });
    }

    private static JsonObject merged(JsonObject first, JsonObject second, boolean deep) {
        Merged all = new Merged(deep);
        all.add(first);
        all.add(second);
        return all.object();
    }

    /** Makes one object of all items; what comes later wins. */
    private static final class MergeAll extends Stage {

        private final Merged all;
        private boolean any;

        MergeAll(StepContext step, ItemSink next, boolean deep) {
            super(step, next);
            this.all = new Merged(deep);
        }

        @Override
        void take(@Nullable Object item, long at) {
            all.add(step.object(item));
            any = true;
        }

        @Override
        public void end() {
            if (any && !next.isFull()) {
                next.accept(all.object());
            }
            next.end();
        }

        @Override
        public boolean isFull() {
            return false;
        }
    }

    static ItemSink flatten(StepContext step, ItemSink next) {
        String separator = step.textOr(".", "separator");
        long depth = step.count("depth", Long.MAX_VALUE);
        boolean lists = step.isTrue("lists");
        return each(step, next, (item, at) -> {
            JsonObject.Builder flat = JsonObject.builder();
            new Flattening(separator, depth, lists, flat).add("", step.object(item), 0);
            return flat.build();
        });
    }

    private record Flattening(String separator, long depth, boolean lists, JsonObject.Builder flat) {

        void add(String prefix, @Nullable Object value, long level) {
            if (value instanceof JsonObject object && !object.isEmpty() && level <= depth) {
                object.forEach((name, field) -> add(level == 0 ? name : prefix + separator + name, field, level + 1));
            } else if (lists && value instanceof JsonArray list && !list.isEmpty() && level <= depth) {
                for (int i = 0; i < list.size(); i++) {
                    add(prefix + separator + i, list.get(i), level + 1);
                }
            } else if (level > 0) {
                put(prefix, value);
            }
        }

        private void put(String name, @Nullable Object value) {
            if (flat.containsKey(name)) {
                throw new ExpressionException(
                        1, "there would be two fields '" + name + "'; use another separator, or rename one of them");
            }
            flat.put(name, value);
            if (flat.size() > MAX_FLAT_FIELDS) {
                throw new ExpressionException(
                        1, "there would be more than " + MAX_FLAT_FIELDS + " fields; remove some before");
            }
        }
    }

    static JsonObject objectOf(StepContext step, String field) {
        Object value = step.written().get(field);
        if (value instanceof JsonObject object) {
            return object;
        }
        throw step.failure("'" + field + "' needs an object, found " + StepContext.typed(value));
    }
}
