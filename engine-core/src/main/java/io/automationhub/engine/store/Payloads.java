package io.automationhub.engine.store;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values as the text of a column: plain JSON, or, where codecs apply, {@code ~name+name:} and base64. JSON never begins with a
 * tilde. Safe for use by several threads.
 */
public final class Payloads {

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,16}");

    /** What is stored was checked against the limits of the engine that wrote it. */
    private static final JsonLimits READ = new JsonLimits(Long.MAX_VALUE, 1000);

    private final List<PayloadCodec> codecs;

    /** @param codecs applied one after the other; compression before encryption */
    public Payloads(List<PayloadCodec> codecs) {
        this.codecs = List.copyOf(codecs);
        for (PayloadCodec codec : codecs) {
            if (!NAME.matcher(codec.name()).matches()) {
                throw new IllegalArgumentException(
                        "A codec's name is 1 to 16 lower-case letters, digits and dashes, found '" + codec.name()
                                + "'");
            }
        }
    }

    /** A value as text. */
    public String write(@Nullable Object value) {
        String json = Json.write(value);
        if (codecs.isEmpty()) {
            return json;
        }
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        List<String> applied = new ArrayList<>();
        for (PayloadCodec codec : codecs) {
            byte[] encoded = codec.encode(bytes);
            if (encoded != bytes) {
                applied.add(codec.name());
                bytes = encoded;
            }
        }
        return applied.isEmpty()
                ? json
                : "~" + String.join("+", applied) + ":" + Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * The value that {@link #write} wrote.
     *
     * @throws PayloadCodec.PayloadException if it cannot be read
     */
    public @Nullable Object read(String text) {
        if (!text.startsWith("~")) {
            return parsed(text);
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new PayloadCodec.PayloadException("A stored value is neither JSON nor written by codecs");
        }
        byte[] bytes = bytes(text.substring(colon + 1));
        String[] names = text.substring(1, colon).split("\\+", -1);
        for (int i = names.length - 1; i >= 0; i--) {
            bytes = codec(names[i]).decode(bytes);
        }
        return parsed(new String(bytes, StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new PayloadCodec.PayloadException("A stored value was changed: it is no base64", e);
        }
    }

    private static @Nullable Object parsed(String json) {
        try {
            return Json.parse(json, READ);
        } catch (RuntimeException e) {
            throw new PayloadCodec.PayloadException("A stored value was changed: it is no JSON", e);
        }
    }

    private PayloadCodec codec(String name) {
        return codecs.stream()
                .filter(codec -> codec.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new PayloadCodec.PayloadException("A stored value was written by the codec '" + name
                        + "', which is not configured; configure it as long as there are rows of it"));
    }
}
