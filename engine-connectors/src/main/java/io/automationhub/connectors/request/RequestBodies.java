package io.automationhub.connectors.request;

import io.automationhub.connectors.http.HttpBody;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The bodies that a node may send: {@code json}, {@code form}, {@code text}, {@code file} or {@code multipart}. */
public final class RequestBodies {

    private static final String FORM = "application/x-www-form-urlencoded";

    private RequestBodies() {}

    /**
     * The body that a value describes.
     *
     * @param body one of those fields, and {@code mediaType} for another one than is usual
     * @param context in which files are
     * @throws NonRetriableException kind {@code config}, if it describes none
     */
    public static HttpBody of(JsonObject body, ExecutionContext context) {
        String mediaType = body.get("mediaType") == null ? null : Json.toText(body.get("mediaType"));
        List<String> kinds = new ArrayList<>(body.keySet());
        kinds.remove("mediaType");
        if (kinds.size() != 1) {
            throw wrong(
                    context,
                    "a body is one of json, form, text, file and multipart, found "
                            + (kinds.isEmpty() ? "none" : String.join(" and ", kinds)));
        }
        Object content = body.get(kinds.get(0));
        return switch (kinds.get(0)) {
            case "json" -> text(mediaType, "application/json", Json.write(content));
            case "text" -> text(mediaType, "text/plain; charset=utf-8", Json.toText(content));
            case "form" -> text(mediaType, FORM, form(content, context));
            case "file" -> file(mediaType, content, context);
            case "multipart" -> multipart(content, context);
            default ->
                throw wrong(context, "a body has no '" + kinds.get(0) + "'; use json, form, text, file or multipart");
        };
    }

    private static HttpBody text(@Nullable String mediaType, String otherwise, String text) {
        return HttpBody.of(mediaType == null ? otherwise : mediaType, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String form(@Nullable Object content, ExecutionContext context) {
        if (!(content instanceof JsonObject fields)) {
            throw wrong(context, "a form is an object with a value for each name, found " + Json.typeName(content));
        }
        return fields.entrySet().stream()
                .flatMap(field -> pairs(field.getKey(), field.getValue()).stream())
                .collect(Collectors.joining("&"));
    }

    private static List<String> pairs(String name, @Nullable Object value) {
        List<String> pairs = new ArrayList<>();
        for (Object each : value instanceof JsonArray list ? list : JsonArray.of(value)) {
            if (each != null) {
                pairs.add(encoded(name) + "=" + encoded(Json.toText(each)));
            }
        }
        return pairs;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static HttpBody file(@Nullable String mediaType, @Nullable Object content, ExecutionContext context) {
        return new FileBody(reference(content, context), mediaType, context::openBlob);
    }

    private static BinaryRef reference(@Nullable Object content, ExecutionContext context) {
        return BinaryRef.of(content)
                .orElseThrow(() -> wrong(
                        context,
                        "a file is an object with $binary, as nodes give it, found " + Json.typeName(content)));
    }

    /** As <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a> says. */
    private static HttpBody multipart(@Nullable Object content, ExecutionContext context) {
        if (!(content instanceof JsonObject parts) || parts.isEmpty()) {
            throw wrong(
                    context,
                    "multipart is an object with a value or a file for each name, found " + Json.typeName(content));
        }
        String boundary = UUID.randomUUID().toString();
        return new HttpBody() {
            @Override
            public String mediaType() {
                return "multipart/form-data; boundary=" + boundary;
            }

            @Override
            public long length() {
                return -1;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                for (Map.Entry<String, @Nullable Object> part : parts.entrySet()) {
                    for (Object each :
                            part.getValue() instanceof JsonArray list ? list : JsonArray.of(part.getValue())) {
                        write(out, boundary, part.getKey(), each, context);
                    }
                }
                print(out, "--" + boundary + "--\r\n");
            }
        };
    }

    private static void write(
            OutputStream out, String boundary, String name, @Nullable Object value, ExecutionContext context)
            throws IOException {
        print(out, "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + quoted(name) + "\"");
        BinaryRef file = BinaryRef.of(value).orElse(null);
        if (file == null) {
            print(out, "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + Json.toText(value));
        } else {
            print(out, "; filename=\"" + quoted(file.name()) + "\"\r\nContent-Type: " + file.mediaType() + "\r\n\r\n");
            try (InputStream in = context.openBlob(file)) {
                in.transferTo(out);
            }
        }
        print(out, "\r\n");
    }

    /** What a name may not have in a header, as browsers write it. */
    private static String quoted(String name) {
        return name.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static NonRetriableException wrong(ExecutionContext context, String why) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG, "Cannot send the body of node '" + context.nodeId() + "': " + why, null);
    }
}
