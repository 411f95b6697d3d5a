package io.automationhub.connectors.secret;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets in variables of the process's environment, the same for all tenants. With the prefix {@code APP_} the secret
 * {@code crm-token} is the variable {@code APP_CRM_TOKEN}; variables without the prefix cannot be reached.
 */
public final class EnvironmentSecrets implements SecretStore {

    private final String prefix;
    private final Map<String, String> environment;

    /** @param prefix of all variables that are secrets for workflows */
    public EnvironmentSecrets(String prefix) {
        this(prefix, System.getenv());
    }

    /** @param environment the variables by name */
    public EnvironmentSecrets(String prefix, Map<String, String> environment) {
        if (prefix.isBlank()) {
            throw new IllegalArgumentException(
                    "Secrets of the environment need a prefix; without one every variable of the process could be read");
        }
        this.prefix = prefix;
        this.environment = environment;
    }

    /** The variable that has a secret. */
    public String variable(String name) {
        return prefix + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    @Override
    public Optional<Secret> find(String tenant, String name) {
        return Optional.ofNullable(environment.get(variable(name))).map(Secret::of);
    }

    @Override
    public String remedy(String name) {
        return "set the environment variable " + variable(name);
    }
}
