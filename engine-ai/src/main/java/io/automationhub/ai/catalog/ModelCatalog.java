package io.automationhub.ai.catalog;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What models take, in rows of which the first that fits a model's name counts. Immutable.
 *
 * <p>A row is an object: {@code model} is the name, with {@code *} for any letters; {@code sampling}, {@code forcedTools}, {@code
 * schema}, {@code images}, {@code documents} are true or false; {@code efforts} is a list; {@code context} and {@code output} are
 * numbers of tokens; {@code retired} is a date; {@code source} says where that stands. What a row leaves out is as of an unknown model.
 */
public final class ModelCatalog {

    private static final Pattern LETTER = Pattern.compile("[^A-Za-z0-9]");

    /** More names of models than a host uses. */
    private static final int NAMES = 1_000;

    private final List<Row> rows;
    private final LoadingCache<String, ModelTraits> byModel;

    private record Row(Pattern model, ModelTraits traits) {}

    private ModelCatalog(List<Row> rows) {
        this.rows = List.copyOf(rows);
        byModel = Caffeine.newBuilder()
                .maximumSize(NAMES)
                .build(name -> this.rows.stream()
                        .filter(row -> row.model().matcher(name).matches())
                        .map(Row::traits)
                        .findFirst()
                        .orElse(ModelTraits.UNKNOWN));
    }

    /** What was known of the providers' models when this version of the library was made. */
    public static ModelCatalog standard() {
        return Standard.CATALOG;
    }

    /** Read when it is first needed. */
    private static final class Standard {
        static final ModelCatalog CATALOG = new ModelCatalog(
                rows(Schemas.resource(ModelCatalog.class, "models.json").get("models")));
    }

    /**
     * This catalog with rows that come before its own.
     *
     * @throws IllegalArgumentException if one is none
     */
    public ModelCatalog with(JsonArray more) {
        List<Row> all = new ArrayList<>(rows(more));
        all.addAll(rows);
        return new ModelCatalog(all);
    }

    /** What a model takes. */
    public ModelTraits traits(String model) {
        return byModel.get(model);
    }

    /** Any of several. */
    static Pattern pattern(List<String> models) {
        return Pattern.compile(
                models.stream().map(model -> pattern(model).pattern()).collect(Collectors.joining("|")));
    }

    static Pattern pattern(String model) {
        StringBuilder pattern = new StringBuilder();
        for (String letter : model.split("", -1)) {
            pattern.append(letter.equals("*") ? ".*" : LETTER.matcher(letter).replaceAll("\\\\$0"));
        }
        return Pattern.compile(pattern.toString());
    }

    private static List<Row> rows(@Nullable Object value) {
        if (!(value instanceof JsonArray list)) {
            throw wrong("the rows are a list, found " + Json.typeName(value));
        }
        return list.stream().map(ModelCatalog::row).toList();
    }

    private static Row row(@Nullable Object value) {
        if (!(value instanceof JsonObject json) || !(json.get("model") instanceof String model)) {
            throw wrong("a row is an object with 'model', the name of one, found " + Json.write(value));
        }
        ModelTraits unknown = ModelTraits.UNKNOWN;
        return new Row(
                pattern(model),
                new ModelTraits(
                        flag(json, "sampling", unknown.sampling()),
                        flag(json, "forcedTools", unknown.forcedTools()),
                        efforts(json),
                        flag(json, "schema", unknown.schema()),
                        flag(json, "images", unknown.images()),
                        flag(json, "documents", unknown.documents()),
                        (Long) json.get("context"),
                        (Long) json.get("output"),
                        retired(json)));
    }

    private static boolean flag(JsonObject json, String field, boolean otherwise) {
        Object value = json.get(field);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean given) {
            return given;
        }
        throw wrong("'" + field + "' of '" + json.get("model") + "' is true or false, found " + Json.write(value));
    }

    private static List<String> efforts(JsonObject json) {
        if (!(json.get("efforts") instanceof JsonArray list)) {
            return ModelTraits.EFFORTS;
        }
        List<String> efforts = list.stream().map(Json::toText).toList();
        if (!ModelTraits.EFFORTS.containsAll(efforts)) {
            throw wrong(
                    "'efforts' of '" + json.get("model") + "' are among " + ModelTraits.EFFORTS + ", found " + efforts);
        }
        return efforts;
    }

    private static @Nullable LocalDate retired(JsonObject json) {
        if (json.get("retired") == null) {
            return null;
        }
        try {
            return LocalDate.parse(Json.toText(json.get("retired")));
        } catch (DateTimeParseException e) {
            throw wrong("'retired' of '" + json.get("model") + "' is a date such as 2026-01-31");
        }
    }

    private static IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("Cannot read the catalog of models: " + why);
    }
}
