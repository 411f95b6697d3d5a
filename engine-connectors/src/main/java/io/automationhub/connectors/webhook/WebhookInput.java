package io.automationhub.connectors.webhook;

import io.automationhub.connectors.http.FormFields;
import io.automationhub.connectors.http.MultipartParts;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the input of a run of a call: what it says of path, query, headers and body, in the types that the trigger names. */
final class WebhookInput {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookInput.class);

    /** What a trigger may have schemas for. */
    static final List<String> PARTS = List.of("path", "query", "headers", "body");

    /** Headers that would hand a session or a credential to whoever reads the input. */
    private static final Set<String> CREDENTIALS =
            Set.of("authorization", "proxy-authorization", "cookie", "x-api-key", "x-forwarded-client-cert");

    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\";\\s]+)");
    private static final int SHOWN = 5;
    private static final int LONGEST_NUMBER = 40;

    private final WebhookConfig config;
    private final WorkflowEngine engine;
    private final List<BinaryRef> files = new ArrayList<>();

    /** @param engine which keeps files */
    WebhookInput(WebhookConfig config, WorkflowEngine engine) {
        this.config = config;
        this.engine = engine;
    }

    // ---------------------------------------------------------------- parts

    JsonObject path(JsonObject texts) {
        JsonObject.Builder typed = JsonObject.builder();
        texts.forEach((name, text) -> typed.put(name, typed("path", name, List.of(Json.toText(text)))));
        JsonObject all = typed.build();
        check("path", all);
        return all;
    }

    JsonObject query(String url) {
        int question = url.indexOf('?');
        String query = question < 0 ? "" : url.substring(question + 1).replaceFirst("#.*", "");
        JsonObject all = form("query", query);
        check("query", all);
        return all;
    }

    private JsonObject form(String part, String text) {
        try {
            return typed(part, FormFields.of(text));
        } catch (IllegalArgumentException e) {
            throw new RefusedCallException(400, "bad-request", "The " + part + " is not encoded as a form demands");
        }
    }

    private JsonObject typed(String part, Map<String, List<String>> fields) {
        JsonObject.Builder typed = JsonObject.builder();
        fields.forEach((name, values) -> typed.put(name, typed(part, name, values)));
        return typed.build();
    }

    /** @param credentials further headers that no workflow sees */
    JsonObject headers(Map<String, String> headers, Set<String> credentials) {
        JsonObject.Builder typed = JsonObject.builder();
        new TreeMap<>(headers).forEach((name, value) -> {
            if (!CREDENTIALS.contains(name) && !credentials.contains(name)) {
                typed.put(name, typed("headers", name, List.of(value)));
            }
        });
        JsonObject all = typed.build();
        check("headers", all);
        return all;
    }

    /** A text as the type that the schema names; what is none of it stays a text, and the schema says so. */
    private @Nullable Object typed(String part, String name, List<String> texts) {
        JsonObject schema = config.schemaOf(part).get("properties") instanceof JsonObject properties
                        && properties.get(name) instanceof JsonObject property
                ? property
                : JsonObject.EMPTY;
        if ("array".equals(schema.get("type"))) {
            Object items = schema.get("items") instanceof JsonObject item ? item.get("type") : null;
            return JsonArray.of(
                    texts.stream().map(text -> converted(text, items)).toArray());
        }
        return texts.size() == 1
                ? converted(texts.get(0), schema.get("type"))
                : JsonArray.of(texts.stream()
                        .map(text -> converted(text, schema.get("type")))
                        .toArray());
    }

    private static Object converted(String text, @Nullable Object type) {
        if ("boolean".equals(type) && (text.equals("true") || text.equals("false"))) {
            return text.equals("true");
        }
        if ("integer".equals(type) || "number".equals(type)) {
            return number(text);
        }
        return text;
    }

    private static Object number(String text) {
        try {
            return text.length() <= LONGEST_NUMBER && Json.parse(text) instanceof Number number ? number : text;
        } catch (JsonException e) {
            return text;
        }
    }

    // ---------------------------------------------------------------- body

    @Nullable
    Object body(String contentType, byte[] bytes) {
        Object body = read(contentType, bytes);
        check("body", body);
        return body;
    }

    private @Nullable Object read(String contentType, byte[] bytes) {
        if (bytes.length == 0) {
            return null;
        }
        String type = contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        if (type.equals("application/json") || type.endsWith("+json")) {
            return json(new String(bytes, StandardCharsets.UTF_8));
        }
        if (type.equals("application/x-www-form-urlencoded")) {
            return form("body", new String(bytes, StandardCharsets.UTF_8));
        }
        if (type.equals("multipart/form-data")) {
            return multipart(contentType, bytes);
        }
        if (type.startsWith("text/") || type.endsWith("xml")) {
            return new String(bytes, charset(contentType));
        }
        return file("body", type, new ByteArrayInputStream(bytes));
    }

    private static @Nullable Object json(String text) {
        try {
            return Json.parse(text);
        } catch (JsonException e) {
            throw new RefusedCallException(400, "bad-request", "The body is no JSON: " + e.getMessage());
        }
    }

    private static Charset charset(String contentType) {
        Matcher matcher = CHARSET.matcher(contentType);
        try {
            return matcher.find() ? Charset.forName(matcher.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new RefusedCallException(415, "unsupported-media-type", "The charset of the body is not known");
        }
    }

    private JsonObject multipart(String contentType, byte[] bytes) {
        Map<String, List<@Nullable Object>> fields = new LinkedHashMap<>();
        try {
            for (MultipartParts.Part part : MultipartParts.read(contentType, bytes)) {
                Object value = part.fileName() == null
                        ? typed("body", part.name(), List.of(new String(part.content(), StandardCharsets.UTF_8)))
                        : file(part.fileName(), part.mediaType(), new ByteArrayInputStream(part.content()));
                fields.computeIfAbsent(part.name(), name -> new ArrayList<>()).add(value);
            }
        } catch (IOException e) {
            throw new RefusedCallException(
                    400, "bad-request", "The body is no form with several parts: " + e.getMessage());
        }
        JsonObject.Builder all = JsonObject.builder();
        fields.forEach((name, values) -> all.put(name, values.size() == 1 ? values.get(0) : values));
        return all.build();
    }

    private JsonObject file(String name, String mediaType, InputStream content) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{Cntrl}", "");
        String type = BinaryRef.isMediaType(mediaType) ? mediaType : BinaryRef.UNKNOWN_TYPE;
        try {
            BinaryRef file = engine.storeBlob(
                    last.isBlank() || last.length() > 200 || last.matches("\\.+") ? "file" : last, type, content);
            files.add(file);
            return file.toJson();
        } catch (IOException e) {
            throw new RefusedCallException(503, "unavailable", "The file of the body cannot be kept");
        }
    }

    /** No run has the files of the body. */
    void discard() {
        for (BinaryRef file : files) {
            try {
                boolean unused = engine.deleteBlob(file);
            } catch (IOException e) {
                LOG.warn("The file '{}' of a call that started no run could not be deleted", file.name(), e);
            }
        }
    }

    // ---------------------------------------------------------------- schemas

    private void check(String part, @Nullable Object value) {
        JsonObject schema = config.schemaOf(part);
        if (schema.isEmpty()) {
            return;
        }
        List<JsonSchema.Violation> violations = JsonSchema.compile(schema).validate(value);
        if (!violations.isEmpty()) {
            throw new RefusedCallException(
                    400,
                    "bad-request",
                    "The " + part + " of the call does not fit: "
                            + violations.stream()
                                    .limit(SHOWN)
                                    .map(each -> "at '" + each.pointer() + "', " + each.message())
                                    .collect(Collectors.joining("; ")));
        }
    }
}
