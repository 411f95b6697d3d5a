package io.automationhub.examples.hub;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value on the command line: JSON, or {@code @} and the name of a file with JSON. */
final class JsonArgument {

    private JsonArgument() {}

    /**
     * The value.
     *
     * @param option the option it was given to, for the message
     * @param limits how large it may be
     * @throws InvalidWorkflowException if it is no JSON or the file cannot be read
     */
    static @Nullable Object read(String option, String argument, JsonLimits limits) {
        boolean file = argument.startsWith("@");
        String text = file ? readFile(option, argument.substring(1)) : argument;
        try {
            return Json.parse(text, limits);
        } catch (JsonException e) {
            if (e.reason() == JsonException.Reason.TOO_LARGE) {
                throw refused(
                        option,
                        ProblemCode.TOO_LARGE,
                        "The value is larger than " + limits.maxBytes() + " bytes as JSON",
                        "raise " + RunCommand.MAX_VALUE + ", or divide the value");
            }
            String hint = file ? null : "quote JSON text for the shell, as in '{\"a\": 1}', or use @FILE";
            throw refused(option, ProblemCode.NOT_JSON, String.valueOf(e.getMessage()), hint);
        }
    }

    private static String readFile(String option, String name) {
        try {
            return Files.readString(Path.of(name));
        } catch (IOException | InvalidPathException e) {
            throw refused(
                    option,
                    ProblemCode.UNREADABLE_FILE,
                    "The file '" + name + "' cannot be read: " + e.getClass().getSimpleName(),
                    "check the path; the file must be text in UTF-8");
        }
    }

    static InvalidWorkflowException refused(String option, ProblemCode code, String message, @Nullable String hint) {
        return new InvalidWorkflowException(
                "Cannot use the option " + option, List.of(Problem.of(code, "", null, option + ": " + message, hint)));
    }
}
