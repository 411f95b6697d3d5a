package io.automationhub.connectors.connector;

import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What another system can do, read from a file: its operations, each a node type {@code connector.operation}, and how its
 * connections show who makes a call. Immutable.
 */
public final class Connector {

    /** By which fields one way of authentication is told from another. */
    private static final List<String> CHOOSING = List.of("type", "in", "name");

    private static final List<String> TOKEN_SERVERS = List.of("tokenUrl", "authorizationUrl");

    private final Part file;
    private final List<Operation> operations;

    private Connector(Part file) {
        this.file = file;
        List<ErrorRule> shared =
                file.objects("errors").stream().map(ErrorRule::of).toList();
        operations = file.objects("operations").stream()
                .map(operation -> Operation.of(operation, shared))
                .toList();
    }

    /**
     * The connector that a file describes, in format 1 (docs/connectors.md).
     *
     * @throws IllegalArgumentException if it does not fit; the message names all that is wrong, or the first of much
     */
    public static Connector of(JsonObject file) {
        ConnectorCheck.check(file);
        return new Connector(new Part(file));
    }

    /** The file that describes it. */
    public JsonObject json() {
        return file.json();
    }

    /** The first part of its node types. */
    public String id() {
        return file.text("id");
    }

    public String version() {
        return file.text("version");
    }

    /** What people call it. */
    public String title() {
        return file.text("title");
    }

    /** What it is; empty if nothing is said. */
    public String description() {
        return file.textOr("description", "");
    }

    public List<String> keywords() {
        return file.texts("keywords");
    }

    public List<Operation> operations() {
        return operations;
    }

    /** What happens in its system and can be waited for. */
    public List<EventSource> events() {
        return file.objects("events").stream().map(EventSource::of).toList();
    }

    /** Where the paths of operations begin; empty if each connection has its own. */
    public Optional<String> baseUrl() {
        return Optional.ofNullable(file.optionalText("baseUrl"));
    }

    /** The servers that it calls, each with scheme and port. Nothing else gets the credentials of its connections. */
    public Set<String> origins() {
        Set<String> origins = new LinkedHashSet<>();
        baseUrl().flatMap(HttpDoor::origin).ifPresent(origins::add);
        file.texts("origins").forEach(each -> HttpDoor.origin(each).ifPresent(origins::add));
        operations.forEach(operation -> Optional.ofNullable(operation.baseUrl())
                .flatMap(HttpDoor::origin)
                .ifPresent(origins::add));
        return origins;
    }

    /** The ways of authentication, each as a connection has it but for what is the connection's own; empty if none is needed. */
    public List<JsonObject> auth() {
        return file.objects("auth");
    }

    /** The servers that give tokens, each with scheme and port. */
    Set<String> tokenServers() {
        Set<String> servers = new LinkedHashSet<>();
        for (JsonObject way : auth()) {
            for (String field : TOKEN_SERVERS) {
                if (way.get(field) instanceof String url) {
                    HttpDoor.origin(url).ifPresent(servers::add);
                }
            }
        }
        return servers;
    }

    /** Schemas that those of operations refer to as {@code #/schemas/Name}. */
    JsonObject schemas() {
        return file.object("schemas");
    }

    /**
     * The definition of a connection for this connector: what is given, completed by what the connector knows. It stands by
     * itself, so that a newer version of the connector does not lead existing credentials elsewhere.
     *
     * @param given with the secrets in {@code auth}, whose {@code type} may be left out if there is one way only
     * @throws IllegalArgumentException if it fits none of the ways of authentication, or several
     */
    public JsonObject connection(JsonObject given) {
        JsonObject.Builder all = JsonObject.builder().put("connector", id());
        Set<String> others = new LinkedHashSet<>(origins());
        baseUrl().ifPresent(url -> {
            all.put("baseUrl", url);
            HttpDoor.origin(url).ifPresent(others::remove);
        });
        if (!others.isEmpty()) {
            all.put("origins", List.copyOf(others));
        }
        all.putIfPresent("test", file.optionalText("test"));
        all.putIfPresent("rate", file.json().get("rate"));
        given.forEach(all::put);
        if (given.get("webhook") instanceof JsonObject signed) {
            JsonObject.Builder webhook = file.object("webhook").toBuilder();
            signed.forEach(webhook::put);
            all.put("webhook", webhook.build());
        }
        if (!auth().isEmpty()) {
            all.put("auth", authentication(given.get("auth")));
        }
        return all.put("connector", id()).build();
    }

    /** The way that what is given fits, completed by it. */
    private JsonObject authentication(@Nullable Object given) {
        JsonObject own = given instanceof JsonObject object ? object : JsonObject.EMPTY;
        List<JsonObject> fitting = auth().stream()
                .filter(way -> way.entrySet().stream()
                        .allMatch(field -> !CHOOSING.contains(field.getKey())
                                || !own.containsKey(field.getKey())
                                || Objects.equals(own.get(field.getKey()), field.getValue())))
                .toList();
        if (fitting.size() != 1) {
            throw new IllegalArgumentException("A connection for the connector '" + id() + "' takes one way of"
                    + " authentication, and " + (fitting.isEmpty() ? "none fits" : "several fit") + " what is given; "
                    + "give in 'auth' one of "
                    + auth().stream().map(Connector::choice).distinct().collect(Collectors.joining(", ")));
        }
        JsonObject.Builder all = fitting.get(0).toBuilder();
        own.forEach(all::put);
        return all.build();
    }

    private static String choice(JsonObject way) {
        JsonObject.Builder shown = JsonObject.builder();
        CHOOSING.forEach(field -> shown.putIfPresent(field, way.get(field)));
        return Json.write(shown.build());
    }

    /** Its trigger of an event source. */
    public String trigger(EventSource source) {
        return "trigger." + id() + "." + source.id();
    }

    /** Its node type of an operation. */
    public String type(Operation operation) {
        return id() + "." + operation.id();
    }

    @Override
    public String toString() {
        return "Connector " + id() + " " + version();
    }
}
