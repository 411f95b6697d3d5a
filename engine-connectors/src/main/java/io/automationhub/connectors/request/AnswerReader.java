package io.automationhub.connectors.request;

import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a value of an answer, by its content type or as the node wants it. */
final class AnswerReader {

    /** What would hand a session or a credential to whoever reads the output. */
    private static final Set<String> CREDENTIALS =
            Set.of("set-cookie", "www-authenticate", "proxy-authenticate", "authentication-info");

    private static final Pattern FILE_NAME = Pattern.compile("(?i)filename=(?:\"([^\"]*)\"|([^;\\s]*))");

    private static final Set<String> TEXT = Set.of(
            "application/xml",
            "application/x-www-form-urlencoded",
            "application/javascript",
            "application/yaml",
            "application/x-ndjson",
            "application/graphql");

    private static final int LONGEST_NAME = 200;

    private AnswerReader() {}

    static Answer read(HttpCall call, HttpAnswer answer, String wanted, ExecutionContext context) {
        JsonObject.Builder headers = JsonObject.builder();
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            if (!CREDENTIALS.contains(header.getKey())) {
                headers.put(header.getKey(), call.masked(header.getValue()));
            }
        }
        return new Answer(
                answer.status(),
                call.masked(answer.url()),
                headers.build(),
                body(call, answer, kind(answer, wanted), context));
    }

    private static String kind(HttpAnswer answer, String wanted) {
        if (!wanted.equals("auto")) {
            return wanted;
        }
        String type = answer.mediaType().orElse("");
        if (type.equals("application/json") || type.endsWith("+json")) {
            return "json";
        }
        return type.startsWith("text/") || type.endsWith("+xml") || TEXT.contains(type) ? "text" : "file";
    }

    private static @Nullable Object body(HttpCall call, HttpAnswer answer, String kind, ExecutionContext context) {
        if (kind.equals("file")) {
            return file(answer, context);
        }
        byte[] bytes = bytes(call, answer, context);
        if (kind.equals("base64")) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        String text = call.masked(new String(bytes, answer.charset()));
        if (kind.equals("text")) {
            return text;
        }
        if (text.isBlank()) {
            return null;
        }
        try {
            return MaskedValue.of(call, Json.parse(text, context.limits()));
        } catch (JsonException e) {
            throw new NonRetriableException(
                    HttpDoor.KIND_CONTENT,
                    "The answer to " + call + " for " + call.label() + " should be JSON and is "
                            + answer.mediaType().orElse("of no known type") + ": " + e.getMessage()
                            + "; let 'response' be text if it is meant to be",
                    JsonObject.of("status", answer.status()),
                    e);
        }
    }

    private static byte[] bytes(HttpCall call, HttpAnswer answer, ExecutionContext context) {
        long most = context.limits().maxBytes();
        try {
            byte[] bytes = answer.body().readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
            if (bytes.length <= most) {
                return bytes;
            }
        } catch (IOException e) {
            throw new RetriableException(HttpDoor.KIND_NETWORK, "Cannot read the answer to " + call, null, e);
        }
        throw new NonRetriableException(
                HttpDoor.KIND_TOO_LARGE,
                "The answer to " + call + " for " + call.label() + " has more than the " + most
                        + " bytes that a value may have; let 'response' be file, ask for less, or raise the limit",
                null);
    }

    private static @Nullable Object file(HttpAnswer answer, ExecutionContext context) {
        if (answer.status() == 204
                || answer.status() == 304
                || answer.header("content-length").equals(Optional.of("0"))) {
            return null;
        }
        try {
            String type = answer.mediaType().filter(BinaryRef::isMediaType).orElse(BinaryRef.UNKNOWN_TYPE);
            return context.storeBlob(name(answer), type, answer.body()).toJson();
        } catch (IOException e) {
            throw new RetriableException(HttpDoor.KIND_NETWORK, "Cannot keep the answer as a file", null, e);
        }
    }

    private static String name(HttpAnswer answer) {
        Matcher given = FILE_NAME.matcher(answer.header("content-disposition").orElse(""));
        String wanted = given.find()
                ? given.group(1) == null ? given.group(2) : given.group(1)
                : answer.url().replaceFirst("[?#].*", "");
        String last = wanted.substring(Math.max(wanted.lastIndexOf('/'), wanted.lastIndexOf('\\')) + 1)
                .replaceAll("\\p{Cntrl}", "");
        return last.isBlank() || last.length() > LONGEST_NAME || last.matches("\\.+") ? "download" : last;
    }
}
