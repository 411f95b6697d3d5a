package io.automationhub.connectors.secret;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The place of a secret in a connection, written {@code {"$secret": "name"}}. */
public record SecretRef(String name) {

    /** The kind of failure of a secret that is not there. */
    public static final String KIND_SECRET = "secret";

    /** The reference that a value writes; empty if it writes none. */
    public static Optional<SecretRef> of(@Nullable Object value) {
        return value instanceof JsonObject object
                        && object.size() == 1
                        && object.get("$secret") instanceof String name
                        && !name.isBlank()
                ? Optional.of(new SecretRef(name))
                : Optional.empty();
    }

    /**
     * The secret.
     *
     * @throws NonRetriableException kind {@value #KIND_SECRET}, if the store has none of that name
     */
    public Secret in(SecretStore store, String tenant) {
        return store.find(tenant, name)
                .orElseThrow(() -> new NonRetriableException(
                        KIND_SECRET,
                        "There is no secret '" + name + "' of the tenant '" + tenant + "'; " + store.remedy(name)
                                + ", or correct its name in the connection",
                        null));
    }
}
