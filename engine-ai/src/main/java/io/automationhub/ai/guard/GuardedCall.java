package io.automationhub.ai.guard;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies guardrails to one call: to the instructions and all texts of the messages that go to the model, and to the texts of its answer.
 * For use by one thread.
 */
public final class GuardedCall {

    /** The kind of failure of a text that a guardrail does not let pass. */
    public static final String KIND_GUARDRAIL = "guardrail";

    private final String label;
    private final List<Guardrail> input;
    private final List<Guardrail> output;
    private final List<String> notes = new ArrayList<>();

    /**
     * The guardrails of a call.
     *
     * @param label whose call it is, for errors
     * @param input looks at what goes to the model
     * @param output looks at what it answers
     */
    public GuardedCall(String label, List<Guardrail> input, List<Guardrail> output) {
        this.label = label;
        this.input = List.copyOf(input);
        this.output = List.copyOf(output);
    }

    /** Whether anything looks at answers, so that nobody should hear a piece of one before. */
    public boolean looksAtAnswers() {
        return !output.isEmpty();
    }

    /** Which guardrails took something out, and of what. */
    public List<String> notes() {
        return notes;
    }

    /**
     * The request as it may be sent.
     *
     * @throws NonRetriableException kind {@value #KIND_GUARDRAIL}, if it may not
     */
    public ModelRequest input(ModelRequest request) {
        if (input.isEmpty()) {
            return request;
        }
        String instructions = request.instructions();
        return request.withInstructions(instructions == null ? null : said(instructions))
                .withMessages(request.messages().stream().map(this::input).toList());
    }

    private Message input(Message message) {
        List<Part> parts = message.parts().stream().map(this::input).toList();
        return parts.equals(message.parts()) ? message : new Message(message.role(), parts, null);
    }

    private Part input(Part part) {
        if (part instanceof Part.Text text) {
            return new Part.Text(said(text.text()));
        }
        if (part instanceof Part.ToolResult result) {
            return new Part.ToolResult(
                    result.callId(),
                    result.name(),
                    result.content().stream().map(this::input).toList(),
                    result.failed());
        }
        return part;
    }

    private String said(String text) {
        String rest = text;
        for (Guardrail guardrail : input) {
            Verdict verdict = guardrail.check(rest);
            if (verdict instanceof Verdict.Redact redact) {
                note(guardrail, "what was asked");
                rest = redact.text();
            } else if (verdict instanceof Verdict.Fail fail) {
                throw failed(guardrail, "what is asked", fail.reason());
            } else if (verdict instanceof Verdict.Retry retry) {
                throw failed(guardrail, "what is asked", retry.reason());
            }
        }
        return rest;
    }

    /**
     * An answer as it may be passed on.
     *
     * @param message the same, with some texts taken out
     * @param retry why the model is to say it otherwise; empty if it need not
     */
    public record Passed(Message message, Optional<String> retry) {}

    /**
     * Looks at an answer.
     *
     * @throws NonRetriableException kind {@value #KIND_GUARDRAIL}, if it may not be passed on
     */
    public Passed output(Message answer) {
        if (output.isEmpty()) {
            return new Passed(answer, Optional.empty());
        }
        List<Part> parts = new ArrayList<>();
        for (Part part : answer.parts()) {
            if (!(part instanceof Part.Text text)) {
                parts.add(part);
                continue;
            }
            String rest = text.text();
            for (Guardrail guardrail : output) {
                Verdict verdict = guardrail.check(rest);
                if (verdict instanceof Verdict.Redact redact) {
                    note(guardrail, "the answer");
                    rest = redact.text();
                } else if (verdict instanceof Verdict.Retry retry) {
                    return new Passed(answer, Optional.of(retry.reason()));
                } else if (verdict instanceof Verdict.Fail fail) {
                    throw failed(guardrail, "the answer", fail.reason());
                }
            }
            parts.add(new Part.Text(rest));
        }
        // What the provider wrote has what was taken out, so that it cannot go back as it was.
        Message passed = parts.equals(answer.parts()) ? answer : new Message(answer.role(), parts, null);
        return new Passed(passed, Optional.empty());
    }

    /** The failure of an answer that the model does not say otherwise. */
    public NonRetriableException failed(String reason) {
        return new NonRetriableException(
                KIND_GUARDRAIL,
                "The answer to " + label + " does not pass its guardrails, however often the model is asked: " + reason,
                JsonObject.of("side", "output"),
                null);
    }

    private void note(Guardrail guardrail, String what) {
        String note = "the guardrail '" + guardrail.name() + "' took something out of " + what;
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }

    private NonRetriableException failed(Guardrail guardrail, String what, String reason) {
        return new NonRetriableException(
                KIND_GUARDRAIL,
                "The guardrail '" + guardrail.name() + "' does not let pass " + what + " for " + label + ": " + reason,
                JsonObject.builder()
                        .put("guardrail", guardrail.name())
                        .put("side", what.equals("the answer") ? "output" : "input")
                        .build(),
                null);
    }
}
