package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.secret.SecretRef;
import java.time.Instant;
import java.util.function.Function;

/**
 * How the calls of one connection show who makes them. It may keep what it was given, such as a token, and must be safe for use
 * by several threads.
 */
@FunctionalInterface
public interface Authentication {

    /** The kind of failure of credentials that are not accepted. */
    String KIND_AUTH = "auth";

    /** Shows nothing. */
    Authentication NONE = (call, context) -> call;

    /** What an authentication may use. */
    interface Context {

        /** Whose call it is, for errors: {@code connection 'crm'}. */
        String label();

        /** The time on the engine's clock. */
        Instant now();

        /**
         * The value of a secret that the connection names.
         *
         * @throws io.automationhub.engine.error.NonRetriableException kind {@value SecretRef#KIND_SECRET}, if it is not there
         */
        String reveal(SecretRef secret);

        /**
         * What is kept for this connection, for all processes.
         *
         * @throws io.automationhub.engine.error.NonRetriableException kind {@code config}, if the host has given no keys for it
         */
        KeptCredentials kept();

        /**
         * Makes a call of its own, as for a token, and reads the answer. Fails as {@link
         * io.automationhub.connectors.http.HttpDoor#send} does.
         */
        <T> T exchange(HttpCall call, Function<HttpAnswer, T> reader);
    }

    /**
     * The call with its credentials, as {@link HttpCall#credentialHeader} and {@link HttpCall#credentialQuery} add them.
     *
     * @throws io.automationhub.engine.error.NonRetriableException kind {@value #KIND_AUTH}, if there are no credentials to be had
     */
    HttpCall authenticate(HttpCall call, Context context);

    /**
     * Hears that the server refused a call with status 401.
     *
     * @param call as it was sent
     * @param answer whose body is not read
     * @return whether {@link #authenticate} may give other credentials now, so that the call is worth sending once more
     */
    default boolean refused(HttpCall call, HttpAnswer answer) {
        return false;
    }
}
