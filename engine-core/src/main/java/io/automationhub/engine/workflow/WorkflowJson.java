package io.automationhub.engine.workflow;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes workflow files (format 1, see {@code docs/workflow-file.md}).
 *
 * <p>Any JSON object with the arrays {@code nodes} and {@code edges} is readable: a draft, or a file of React Flow that
 * was made elsewhere. Reading and writing loses nothing: unknown fields, the order of keys and the spelling of numbers
 * stay.
 */
public final class WorkflowJson {

    private WorkflowJson() {}

    /**
     * Reads a file.
     *
     * @throws InvalidWorkflowException if the file cannot be read or is no workflow; what is wrong with a workflow is
     *     in its {@link Workflow#problems}
     */
    public static Workflow read(Path file) {
        return read(file, WorkflowLimits.DEFAULT);
    }

    /** Like {@link #read(Path)}, within other limits. */
    public static Workflow read(Path file, WorkflowLimits limits) {
        String subject = "Cannot read the workflow file '" + file + "'";
        try {
            if (Files.size(file) > limits.document().maxBytes()) {
                throw refused(
                        subject,
                        ProblemCode.TOO_LARGE,
                        "The file has " + Files.size(file) + " bytes, more than "
                                + limits.document().maxBytes(),
                        "divide the workflow into several");
            }
            byte[] bytes = Files.readAllBytes(file);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return parse(text, subject, limits);
        } catch (CharacterCodingException e) {
            throw refused(subject, ProblemCode.NOT_JSON, "The file is not text in UTF-8", "save it as UTF-8");
        } catch (NoSuchFileException e) {
            throw refused(subject, ProblemCode.UNREADABLE_FILE, "There is no such file", "check the path");
        } catch (IOException e) {
            throw refused(subject, ProblemCode.UNREADABLE_FILE, "It cannot be read: " + e.getMessage(), null);
        }
    }

    /**
     * Reads a document.
     *
     * @throws InvalidWorkflowException if the text is no workflow
     */
    public static Workflow parse(String text) {
        return parse(text, WorkflowLimits.DEFAULT);
    }

    /** Like {@link #parse(String)}, within other limits. */
    public static Workflow parse(String text, WorkflowLimits limits) {
        return parse(text, "Cannot read the workflow", limits);
    }

    private static Workflow parse(String text, String subject, WorkflowLimits limits) {
        try {
            return of(Json.parseDocument(text, limits.document()), subject, limits);
        } catch (JsonException e) {
            ProblemCode code = switch (e.reason()) {
                case DUPLICATE_KEY -> ProblemCode.DUPLICATE_KEY;
                case TOO_LARGE -> ProblemCode.TOO_LARGE;
                case TOO_DEEP -> ProblemCode.TOO_DEEP;
                case MALFORMED, NOT_JSON -> ProblemCode.NOT_JSON;
            };
            throw refused(subject, code, String.valueOf(e.getMessage()), null);
        }
    }

    private static Workflow of(@Nullable Object tree, String subject, WorkflowLimits limits) {
        if (tree instanceof JsonObject document
                && document.get("nodes") instanceof JsonArray
                && document.get("edges") instanceof JsonArray) {
            return Workflow.of(document, limits);
        }
        String found = tree instanceof JsonObject ? "an object without them" : Json.typeName(tree);
        throw refused(
                subject,
                ProblemCode.NOT_A_WORKFLOW,
                "A workflow is a JSON object with the arrays 'nodes' and 'edges', found " + found,
                "see docs/workflow-file.md for the format");
    }

    private static InvalidWorkflowException refused(
            String subject, ProblemCode code, String message, @Nullable String hint) {
        return new InvalidWorkflowException(subject, List.of(Problem.of(code, "", null, message, hint)));
    }

    /** Writes a workflow's document, with line breaks. */
    public static String write(Workflow workflow) {
        return Json.writePretty(workflow.document());
    }
}
