package io.automationhub.ai.memory;

import java.time.Instant;

/**
 * A conversation between people and an agent.
 *
 * @param agent who answered first: the id of its workflow
 * @param exchanges how often somebody said something and was answered
 * @param summary what the oldest exchanges came to; empty if nobody summed them up
 * @param summarized how many exchanges the summary is of
 */
public record AgentConversation(
        String id,
        String agent,
        long exchanges,
        String summary,
        long summarized,
        Instant startedAt,
        Instant updatedAt) {}
