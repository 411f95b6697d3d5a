package io.automationhub.ai.memory;

import io.automationhub.ai.message.Message;
import java.time.Instant;

/**
 * What was said in a conversation at a time: by a person, by a model, or by a tool.
 *
 * @param exchange its number in the conversation, from 0; what is said and done until there is an answer has the same one
 * @param execution the run in which it was said
 */
public record AgentMessage(long exchange, String execution, Instant at, Message message) {}
