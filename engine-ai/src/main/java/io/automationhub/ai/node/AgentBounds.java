package io.automationhub.ai.node;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import java.util.List;

/**
 * What an agent may do.
 *
 * @param tools the names of those that it may call
 * @param turns how often it asks the model at most
 * @param callsPerTool how often it calls each tool at most
 * @param identicalCalls how often it makes the same call, with the same arguments, at most
 * @param resultChars the most characters of a result
 */
record AgentBounds(List<String> tools, int turns, int callsPerTool, int identicalCalls, int resultChars) {

    private static final int TURNS = 10;
    private static final int CALLS_PER_TOOL = 40;
    private static final int IDENTICAL_CALLS = 2;
    private static final int RESULT_CHARS = 50_000;

    static AgentBounds of(ExecutionContext context) {
        return new AgentBounds(
                context.value("tools") instanceof JsonArray names
                        ? names.stream().map(Json::toText).toList()
                        : List.of(),
                whole(context, "maxTurns", TURNS),
                whole(context, "maxCallsPerTool", CALLS_PER_TOOL),
                whole(context, "maxIdenticalCalls", IDENTICAL_CALLS),
                whole(context, "maxResultChars", RESULT_CHARS));
    }

    private static int whole(ExecutionContext context, String field, int otherwise) {
        return context.value(field) instanceof Long number ? Math.toIntExact(number) : otherwise;
    }
}
