package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.secret.SecretRef;

/** How the calls of a connection show who makes them. Implementations are immutable, or safe for use by several threads. */
@FunctionalInterface
public interface Authentication {

    /** Shows nothing. */
    Authentication NONE = (call, secrets) -> call;

    /** Gives the value of a secret that the connection names. */
    @FunctionalInterface
    interface Secrets {

        /**
         * The value of a secret.
         *
         * @throws io.automationhub.engine.error.NonRetriableException kind {@value SecretRef#KIND_SECRET}, if it is not there
         */
        String reveal(SecretRef secret);
    }

    /** The call with its credentials, as {@link HttpCall#credentialHeader} and {@link HttpCall#credentialQuery} add them. */
    HttpCall authenticate(HttpCall call, Secrets secrets);
}
