package io.automationhub.engine.expression;

import java.util.Map;
import java.util.Optional;

/** What functions are called in JavaScript, Python and Java, for those who write what they know. */
final class ForeignNames {

    static final Map<String, String> FUNCTIONS = Map.ofEntries(
            Map.entry("toLowerCase", "lower"),
            Map.entry("toUpperCase", "upper"),
            Map.entry("strip", "trim"),
            Map.entry("substring", "slice"),
            Map.entry("substr", "slice"),
            Map.entry("length", "size"),
            Map.entry("len", "size"),
            Map.entry("isEmpty", "empty"),
            Map.entry("toString", "string"),
            Map.entry("str", "string"),
            Map.entry("parseInt", "integer"),
            Map.entry("int", "integer"),
            Map.entry("toInt", "integer"),
            Map.entry("parseFloat", "number"),
            Map.entry("float", "number"),
            Map.entry("toNumber", "number"),
            Map.entry("toFixed", "round"),
            Map.entry("stringify", "toJson"),
            Map.entry("toJsonString", "toJson"),
            Map.entry("toISOString", "iso"),
            Map.entry("toDate", "date"),
            Map.entry("toDateTime", "date"),
            Map.entry("toFormat", "format"),
            Map.entry("isNotEmpty", "empty"),
            Map.entry("push", "append"),
            Map.entry("unique", "distinct"),
            Map.entry("removeDuplicates", "distinct"),
            Map.entry("pluck", "map"),
            Map.entry("groupBy", "group"),
            Map.entry("average", "avg"),
            Map.entry("sortBy", "sort"),
            Map.entry("flat", "flatten"),
            Map.entry("encodeURIComponent", "urlEncode"),
            Map.entry("decodeURIComponent", "urlDecode"),
            Map.entry("btoa", "base64Encode"),
            Map.entry("atob", "base64Decode"),
            Map.entry("toTitleCase", "titleCase"),
            Map.entry("replaceFirst", "replace"),
            Map.entry("hasField", "has"),
            Map.entry("hasOwnProperty", "has"));

    private ForeignNames() {}

    /** The function of the language that does what {@code name} does elsewhere. */
    static Optional<String> function(String name) {
        return Optional.ofNullable(FUNCTIONS.get(name));
    }
}
