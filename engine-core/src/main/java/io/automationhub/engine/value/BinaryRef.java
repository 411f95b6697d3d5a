package io.automationhub.engine.value;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a file that is kept outside the run: files are never values, but a reference to one is. As JSON it is an object
 * whose first field is {@code $binary}; it goes through nodes, templates and stores like any other value.
 *
 * @param id by which its store finds it; means nothing to others
 * @param name the name of the file, as people call it; never a path
 * @param mediaType as in RFC 9110, section 8.3.1: {@code application/pdf}, {@code text/plain; charset=utf-8}
 * @param size in bytes
 * @param sha256 of its content, 64 digits in lower-case hex
 */
public record BinaryRef(String id, String name, String mediaType, long size, String sha256) {

    /** The media type of a file of which nothing is known. */
    public static final String UNKNOWN_TYPE = "application/octet-stream";

    private static final String ID = "$binary";

    private static final int MAX_LENGTH = 255;

    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+\\s*(;[ -~]*)?");

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException if a part has not the form that it must have */
    public BinaryRef {
        require(!id.isEmpty() && id.length() <= MAX_LENGTH, "an id of 1 to 255 characters", id);
        require(isName(name), "a name of 1 to 255 characters without '/', '\\' and control characters", name);
        require(isMediaType(mediaType), "a media type such as text/plain", mediaType);
        require(size >= 0, "a size from 0", String.valueOf(size));
        require(SHA256.matcher(sha256).matches(), "a SHA-256 of 64 lower-case hex digits", sha256);
    }

    private static void require(boolean holds, String what, String found) {
        if (!holds) {
            String shown = found.length() > 80 ? found.substring(0, 80) + "…" : found;
            throw new IllegalArgumentException("A file's reference needs " + what + ", found '" + shown + "'");
        }
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> Character.isISOControl(c) || c == '/' || c == '\\');
    }

    /** Whether a text is a media type. */
    public static boolean isMediaType(String text) {
        return text.length() <= MAX_LENGTH && MEDIA_TYPE.matcher(text).matches();
    }

    /** The reference that a value is; empty if it is none. */
    public static Optional<BinaryRef> of(@Nullable Object value) {
        if (value instanceof BinaryRef ref) {
            return Optional.of(ref);
        }
        if (value instanceof JsonObject json
                && json.get(ID) instanceof String id
                && json.get("name") instanceof String name
                && json.get("mediaType") instanceof String mediaType
                && json.get("size") instanceof Long size
                && json.get("sha256") instanceof String sha256) {
            try {
                return Optional.of(new BinaryRef(id, name, mediaType, size, sha256));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The reference as a value. */
    public JsonObject toJson() {
        return JsonObject.of(ID, id)
                .with("name", name)
                .with("mediaType", mediaType)
                .with("size", size)
                .with("sha256", sha256);
    }
}
