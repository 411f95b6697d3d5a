package io.automationhub.ai.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How much of a conversation a model is told: its last exchanges, whole ones, as many as there is room for. Of the last of all the
 * question and the answer are told if it is too long itself.
 *
 * @param maxMessages the most messages
 * @param maxTokens the most tokens, by a guess
 */
public record MemoryWindow(int maxMessages, long maxTokens) {

    /** 40 messages, 16,000 tokens. */
    public static final MemoryWindow STANDARD = new MemoryWindow(40, 16_000);

    public MemoryWindow {
        if (maxMessages < 1 || maxTokens < 1) {
            throw new IllegalArgumentException("A memory has room for at least one message and one token, found "
                    + maxMessages + " and " + maxTokens);
        }
    }

    /** Room for a part of it. */
    MemoryWindow half() {
        return new MemoryWindow(Math.max(1, maxMessages / 2), Math.max(1, maxTokens / 2));
    }

    /**
     * The last of some exchanges for which there is room, in their order.
     *
     * @param all in their order
     */
    public List<Exchange> last(List<Exchange> all) {
        Deque<Exchange> kept = new ArrayDeque<>();
        int messages = 0;
        long tokens = 0;
        for (int i = all.size() - 1; i >= 0; i--) {
            Exchange next = all.get(i);
            if (kept.isEmpty() && !fits(next.messages().size(), next.tokens())) {
                next = next.outline();
            }
            messages += next.messages().size();
            tokens += next.tokens();
            if (!fits(messages, tokens)) {
                break;
            }
            kept.addFirst(next);
        }
        return new ArrayList<>(kept);
    }

    private boolean fits(long messages, long tokens) {
        return messages <= maxMessages && tokens <= maxTokens;
    }
}
