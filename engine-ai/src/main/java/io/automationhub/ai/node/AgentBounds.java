package io.automationhub.ai.node;

import io.automationhub.engine.node.ExecutionContext;

/**
 * How much an agent may do.
 *
 * @param turns how often it asks the model at most
 * @param callsPerTool how often it calls each tool at most
 * @param identicalCalls how often it makes the same call, with the same arguments, at most
 * @param resultChars the most characters of a result
 */
record AgentBounds(int turns, int callsPerTool, int identicalCalls, int resultChars) {

    private static final int TURNS = 10;
    private static final int CALLS_PER_TOOL = 40;
    private static final int IDENTICAL_CALLS = 2;
    private static final int RESULT_CHARS = 50_000;

    static AgentBounds of(ExecutionContext context) {
        return new AgentBounds(
                whole(context, "maxTurns", TURNS),
                whole(context, "maxCallsPerTool", CALLS_PER_TOOL),
                whole(context, "maxIdenticalCalls", IDENTICAL_CALLS),
                whole(context, "maxResultChars", RESULT_CHARS));
    }

    private static int whole(ExecutionContext context, String field, int otherwise) {
        return context.value(field) instanceof Long number ? Math.toIntExact(number) : otherwise;
    }
}
