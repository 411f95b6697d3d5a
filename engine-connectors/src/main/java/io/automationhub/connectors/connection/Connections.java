package io.automationhub.connectors.connection;

import io.automationhub.engine.error.NonRetriableException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where connections are. Implementations are safe for use by several threads. */
public interface Connections {

    /** The kind of failure of a connection that is not there. */
    String KIND_CONNECTION = "connection";

    /** A connection; empty if there is none of that id. */
    Optional<Connection> find(String tenant, String id);

    /** The ids of some connections of a tenant, for an error that names them. */
    Set<String> ids(String tenant);

    /**
     * The connection that a node names; empty if it names none.
     *
     * @throws NonRetriableException kind {@value #KIND_CONNECTION}, if there is none of that id
     */
    default Optional<Connection> named(String tenant, @Nullable String id) {
        if (id == null) {
            return Optional.empty();
        }
        Optional<Connection> found = find(tenant, id);
        if (found.isEmpty()) {
            Set<String> known = ids(tenant);
            throw new NonRetriableException(
                    KIND_CONNECTION,
                    "There is no connection '" + id + "' of the tenant '" + tenant + "'; "
                            + (known.isEmpty()
                                    ? "there are none yet: add it"
                                    : "there are " + String.join(", ", known)),
                    null);
        }
        return found;
    }
}
