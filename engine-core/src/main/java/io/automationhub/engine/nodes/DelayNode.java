package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.DurationText;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code delay}: waits without a thread, and passes {@code previous} through. */
final class DelayNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Delay",
                "flow",
                "Waits for a time, or until an instant.",
                "clock",
                List.of(WorkflowEdge.OUT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false,
                     'examples': [{'duration': '10m'}, {'duration': {'duration': 2, 'unit': 'days'}},
                       {'until': '{{input.due}}'}, {'until': '2026-12-24T18:00', 'zone': 'Europe/Berlin'}],
                     'properties': {
                       'duration': {'type': ['string', 'object'], 'x-format': 'duration',
                                    'description': 'How long: 10s, PT10S, or an object of duration and unit.'},
                       'until': {'type': 'string',
                                 'description': 'Until when: ISO-8601 with offset, or without one and with a zone. What is past goes on at once.'},
                       'zone': {'type': 'string',
                                'description': 'The time zone of an until without offset, such as Europe/Berlin. A time that a clock leaves out is moved on by what it leaves out; of one that comes twice the first counts.'}}}
                    """),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        List<Problem> problems = new ArrayList<>(ConfigSchemas.exactlyOne(node, "duration", "until"));
        Object duration = node.config().get("duration");
        boolean template = String.valueOf(duration).contains("{{");
        if (duration != null && !template) {
            try {
                DurationText.parse(duration);
            } catch (IllegalArgumentException e) {
                problems.add(Problem.of(
                        ProblemCode.INVALID_CONFIG, "/duration", node.id(), String.valueOf(e.getMessage()), null));
            }
        }
        return problems;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return previous;
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        if (context.wake().isPresent()) {
            return NodeResult.completed(context.previous());
        }
        Instant until = context.value("until") == null
                ? context.now().plus(duration(context.value("duration")))
                : instant(context.value("until"), context.value("zone"));
        return until.isAfter(context.now())
                ? NodeResult.suspended(Wake.at(until))
                : NodeResult.completed(context.previous());
    }

    /** A duration from a configuration; what is none fails the node. */
    static java.time.Duration duration(@Nullable Object value) {
        try {
            return DurationText.parse(value);
        } catch (IllegalArgumentException e) {
            throw new NonRetriableException(ExecutionError.KIND_CONFIG, String.valueOf(e.getMessage()), e);
        }
    }

    private static Instant instant(@Nullable Object value, @Nullable Object zone) {
        try {
            return zone == null
                    ? OffsetDateTime.parse(Json.toText(value)).toInstant()
                    : LocalDateTime.parse(Json.toText(value))
                            .atZone(zone(Json.toText(zone)))
                            .toInstant();
        } catch (DateTimeParseException e) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "'until' is an instant in ISO-8601 "
                            + (zone == null
                                    ? "with an offset, such as 2026-01-31T08:00:00Z, or has a 'zone' beside it"
                                    : "without an offset, such as 2026-01-31T08:00:00, because it has a 'zone'")
                            + "; found " + (value instanceof String ? "other text" : Json.typeName(value)),
                    e);
        }
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG, "'zone' names no time zone; write one such as Europe/Berlin", e);
        }
    }
}
