package io.automationhub.ai.tool;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON Schemas of Java types. Safe for use by several threads. */
final class TypeSchemas {

    /** A generator is not safe for several threads; all tools of a host are made in moments. */
    private static final SchemaGenerator GENERATOR = generator();

    private TypeSchemas() {}

    private static SchemaGenerator generator() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.INLINE_ALL_SCHEMAS)
                .with(Option.EXTRA_OPEN_API_FORMAT_VALUES, Option.FLATTENED_OPTIONALS)
                .without(Option.SCHEMA_VERSION_INDICATOR);
        config.forFields()
                .withRequiredCheck(TypeSchemas::isRequired)
                .withDescriptionResolver(
                        field -> field.isFakeContainerItemScope() ? null : described(field.getAnnotation(Arg.class)));
        return new SchemaGenerator(config.build());
    }

    private static boolean isRequired(FieldScope field) {
        ResolvedType declared = field.getDeclaredType();
        return !declared.getErasedType().equals(Optional.class)
                && isRequired(
                        field.getRawMember().getType(),
                        field.getRawMember(),
                        field.getRawMember().getAnnotatedType());
    }

    /** Whether something of a type must be there: it is neither optional nor nullable. */
    static boolean isRequired(Class<?> type, AnnotatedElement declared, AnnotatedType annotated) {
        return !type.equals(Optional.class)
                && !annotated.isAnnotationPresent(Nullable.class)
                && !declared.isAnnotationPresent(Nullable.class);
    }

    static @Nullable String described(@Nullable Arg arg) {
        return arg == null ? null : arg.value();
    }

    /** @throws IllegalArgumentException if the type has none: it contains itself */
    static synchronized JsonObject of(Type type) {
        try {
            return Json.object(Json.parse(GENERATOR.generateSchema(type).toString()));
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    "There is no JSON Schema of the type " + type.getTypeName()
                            + "; does it contain itself? Make the tool by AgentTool.of with a schema of your own",
                    e);
        }
    }
}
