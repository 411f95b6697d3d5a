package io.automationhub.ai.model;

import io.automationhub.ai.message.MediaSource;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.BinaryRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the files of a request for a provider, and looks whether media are what they say. */
public final class MediaFiles {

    /** More than any provider takes in one request. */
    private static final int MOST_BYTES = 32 * 1024 * 1024;

    private static final int HEAD = 12;

    /** How files of a type begin; of a type that is not here any bytes are taken. */
    private static final Map<String, List<String>> BEGINNINGS = Map.of(
            "image/png", List.of("\u0089PNG\r\n\u001a\n"),
            "image/jpeg", List.of("\u00ff\u00d8\u00ff"),
            "image/gif", List.of("GIF87a", "GIF89a"),
            "image/webp", List.of("RIFF"),
            "application/pdf", List.of("%PDF-"));

    private MediaFiles() {}

    /**
     * The request with what its files have in their place, as {@link MediaSource.Base64}; URLs stay.
     *
     * @throws NonRetriableException kind {@code config}, if one is not of its media type, or too large
     */
    public static ModelRequest read(ModelRequest request, ProviderCall call) {
        return hasMedia(request)
                ? request.withMessages(request.messages().stream()
                        .map(message -> new Message(message.role(), read(message.parts(), call), message.origin()))
                        .toList())
                : request;
    }

    private static boolean hasMedia(ModelRequest request) {
        for (Message message : request.messages()) {
            if (hasMedia(message.parts())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasMedia(List<Part> parts) {
        for (Part part : parts) {
            if (part instanceof Part.Media || part instanceof Part.ToolResult result && hasMedia(result.content())) {
                return true;
            }
        }
        return false;
    }

    private static List<Part> read(List<Part> parts, ProviderCall call) {
        return parts.stream().map(part -> read(part, call)).toList();
    }

    private static Part read(Part part, ProviderCall call) {
        if (part instanceof Part.ToolResult result) {
            return new Part.ToolResult(result.callId(), result.name(), read(result.content(), call), result.failed());
        }
        if (!(part instanceof Part.Media media) || media.source() instanceof MediaSource.Url) {
            return part;
        }
        byte[] bytes = bytes(media, call);
        check(media, bytes, call);
        String name = media.name() == null && media.source() instanceof MediaSource.File file
                ? file.file().name()
                : media.name();
        return new Part.Media(
                media.mediaType(),
                name,
                new MediaSource.Base64(Base64.getEncoder().encodeToString(bytes)));
    }

    private static byte[] bytes(Part.Media media, ProviderCall call) {
        if (media.source() instanceof MediaSource.File file) {
            return bytes(file.file(), call);
        }
        try {
            return Base64.getMimeDecoder().decode(((MediaSource.Base64) media.source()).data());
        } catch (IllegalArgumentException e) {
            throw refused(call, "its data are no Base64", e);
        }
    }

    private static byte[] bytes(BinaryRef file, ProviderCall call) {
        try (InputStream in = call.files().open(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw refused(
                        call,
                        "the file '" + file.name() + "' has more than the " + MOST_BYTES + " bytes that are sent in a"
                                + " request",
                        null);
            }
            return bytes;
        } catch (IOException e) {
            throw new RetriableException(
                    ExecutionError.KIND_ERROR,
                    "Cannot read the file '" + file.name() + "' for " + call.label(),
                    null,
                    e);
        }
    }

    private static void check(Part.Media media, byte[] bytes, ProviderCall call) {
        List<String> beginnings = BEGINNINGS.get(media.mediaType());
        String head = new String(Arrays.copyOf(bytes, Math.min(HEAD, bytes.length)), StandardCharsets.ISO_8859_1);
        if (bytes.length == 0 || beginnings != null && beginnings.stream().noneMatch(head::startsWith)) {
            throw refused(
                    call,
                    (media.name() == null ? "it" : "'" + media.name() + "'") + " is no " + media.mediaType()
                            + " by its first bytes; give its true media type, or look at the file",
                    null);
        }
    }

    private static NonRetriableException refused(ProviderCall call, String why, @Nullable Throwable cause) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG, "Cannot send an image or document for " + call.label() + ": " + why, cause);
    }
}
