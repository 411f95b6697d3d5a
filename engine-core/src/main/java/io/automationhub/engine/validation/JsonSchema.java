package io.automationhub.engine.validation;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled JSON Schema (draft 2020-12, unless it names another). Immutable and safe for use by several threads. */
public final class JsonSchema {

    /** Schemas refer to nothing outside themselves: nothing is fetched. */
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaLoader(loader -> loader.fetchRemoteResources(false)
                    .block(address -> address.toString().matches("(classpath|resource|file):.*"))));

    private static final Set<String> EXTENSIONS = Set.of("x-content", "x-lazy", "x-format");

    private final Schema schema;

    private JsonSchema(Schema schema) {
        this.schema = schema;
    }

    /**
     * Something in a value that the schema does not allow.
     *
     * @param pointer where in the value (RFC 6901)
     * @param keyword the schema's keyword that does not allow it
     * @param property the property it is about, for {@code required} and {@code additionalProperties}; else null
     */
    public record Violation(
            String pointer, String keyword, @Nullable String property, String message) {

        /** Where and what, as a part of a sentence. */
        public String text() {
            return (pointer.isEmpty() ? "" : "at " + pointer + ", ") + message;
        }
    }

    /**
     * Compiles a schema.
     *
     * @throws IllegalArgumentException if it is none, or refers to something outside itself
     */
    public static JsonSchema compile(JsonObject schema) {
        try {
            Schema compiled = REGISTRY.getSchema(Json.write(withoutExtensions(schema)), InputFormat.JSON);
            compiled.initializeValidators();
            return new JsonSchema(compiled);
        } catch (RuntimeException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException("This is not a usable JSON Schema: " + message, e);
        }
    }

    /**
     * Compiles a schema that somebody wrote, and checks it against the schema of schemas first.
     *
     * @throws IllegalArgumentException if it is none, or refers to something outside itself
     */
    public static JsonSchema compileChecked(JsonObject schema) {
        String dialect = schema.get("$schema") instanceof String named
                ? named
                : SpecificationVersion.DRAFT_2020_12.getDialectId();
        if (SpecificationVersion.fromDialectId(dialect).isEmpty()) {
            throw new IllegalArgumentException("'" + dialect + "' is no known version of JSON Schema");
        }
        List<Violation> violations = new JsonSchema(REGISTRY.getSchema(SchemaLocation.of(dialect))).validate(schema);
        if (!violations.isEmpty()) {
            Violation first = violations.get(0);
            throw new IllegalArgumentException(
                    "This is not a JSON Schema: at '" + first.pointer() + "', " + first.message());
        }
        return compile(schema);
    }

    /** Everything in {@code value} that the schema does not allow. */
    public List<Violation> validate(@Nullable Object value) {
        List<Violation> violations = new ArrayList<>();
        for (Error error : schema.validate(JsonNodes.of(value))) {
            violations.add(new Violation(
                    pointer(String.valueOf(error.getInstanceLocation())),
                    String.valueOf(error.getKeyword()),
                    error.getProperty(),
                    error.getMessage()));
        }
        return violations;
    }

    /** Our extension keywords say nothing about validity, and the library warns of each it does not know. */
    private static @Nullable Object withoutExtensions(@Nullable Object tree) {
        if (tree instanceof JsonObject object) {
            JsonObject.Builder kept = JsonObject.builder();
            object.forEach((key, value) -> {
                if (!EXTENSIONS.contains(key)) {
                    kept.putDocument(key, withoutExtensions(value));
                }
            });
            return kept.build();
        }
        return tree instanceof JsonArray array ? JsonArray.of(array, JsonSchema::withoutExtensions) : tree;
    }

    private static String pointer(String location) {
        return location.equals("/") ? "" : location;
    }
}
