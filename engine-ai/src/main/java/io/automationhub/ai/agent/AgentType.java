package io.automationhub.ai.agent;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What agents are for. Each type has a preset, {@link AIAgent#preset}. */
public enum AgentType {
    /** Writes articles, posts, descriptions. */
    CONTENT_CREATOR("content-creator"),
    /** Finds out what data say. */
    DATA_ANALYST("data-analyst"),
    /** Answers questions by what it reads, and says where it read it. */
    RESEARCH_ASSISTANT("research-assistant"),
    /** Answers customers, and knows what it must leave to people. */
    CUSTOMER_SUPPORT("customer-support"),
    /** Plans and words campaigns. */
    MARKETING_SPECIALIST("marketing-specialist"),
    /** Does what its instructions say. */
    CUSTOM("custom");

    private final String text;

    AgentType(String text) {
        this.text = text;
    }

    /** As it stands in files. */
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException if there is no such type */
    public static AgentType of(String text) {
        return Arrays.stream(values())
                .filter(type -> type.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no type of agents '" + text + "'; there are "
                        + Arrays.stream(values()).map(AgentType::text).collect(Collectors.joining(", "))));
    }
}
