package io.automationhub.connectors.secret;

/** A secret, which does not print itself. */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** The secret that is {@code value}. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The value itself; for what sends it, and nobody else. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "Secret";
    }
}
