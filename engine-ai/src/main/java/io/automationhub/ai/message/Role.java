package io.automationhub.ai.message;

import java.util.Locale;

/** Who says something. What a system or developer says stands in the instructions of a request. */
public enum Role {

    /** A person, or a program in the place of one; results of tools come from here, too. */
    USER,

    /** A model. */
    ASSISTANT;

    /** In lower case, as in JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
