package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.value.JsonObject;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One configured way to another system. Its credentials go to the origin of {@code baseUrl} and to those in {@code origins}, and
 * nowhere else. Immutable.
 *
 * <pre>{@code
 * {"baseUrl": "https://api.example.com/v1",
 *  "auth": {"type": "bearer", "token": {"$secret": "crm-token"}}}
 * }</pre>
 */
public final class Connection {

    private static final Pattern ABSOLUTE = Pattern.compile("(?s)[a-zA-Z][a-zA-Z0-9+.-]*:.*|[/\\\\]{2}.*");
    private static final Pattern UPWARDS = Pattern.compile("(?is)(.*[/\\\\])?(\\.|%2e){1,2}([/\\\\].*)?");

    private final String id;
    private final @Nullable String baseUrl;
    private final Set<String> origins;
    private final Authentication authentication;
    private final @Nullable ConnectionTls tls;
    private final @Nullable String connector;
    private final @Nullable String test;
    private final @Nullable RequestRate rate;
    private final @Nullable CircuitBreaker breaker;
    private final @Nullable WebhookSignature webhook;

    private Connection(Fields fields, Set<String> origins, Authentication authentication) {
        this.origins = origins;
        this.authentication = authentication;
        id = fields.connection();
        baseUrl = isCalledOnly(fields) ? null : fields.url("baseUrl").replaceFirst("/+$", "");
        tls = fields.has("tls") ? new ConnectionTls(fields.inside("tls")) : null;
        connector = fields.optionalText("connector");
        test = fields.optionalText("test");
        rate = fields.has("rate") ? rate(fields.inside("rate")) : null;
        breaker = fields.has("breaker") ? breaker(fields.inside("breaker")) : null;
        webhook = fields.has("webhook") ? WebhookSignatures.of(fields.inside("webhook")) : null;
    }

    /**
     * The connection that a definition describes.
     *
     * @throws IllegalArgumentException if it does not fit; the message names the field
     */
    public static Connection of(String id, JsonObject definition, AuthenticationMethods methods) {
        Fields fields = new Fields(id, "", definition);
        fields.allow("connector", "baseUrl", "origins", "auth", "tls", "test", "rate", "breaker", "webhook");
        Set<String> origins = new LinkedHashSet<>();
        if (!isCalledOnly(fields)) {
            HttpDoor.origin(fields.url("baseUrl")).ifPresent(origins::add);
        }
        for (String other : fields.texts("origins")) {
            origins.add(HttpDoor.origin(other)
                    .orElseThrow(() ->
                            fields.invalid("origins", "'" + other + "' is no URL such as https://api.example.com")));
        }
        Authentication authentication =
                definition.containsKey("auth") ? methods.create(fields.inside("auth")) : Authentication.NONE;
        return new Connection(fields, Set.copyOf(origins), authentication);
    }

    /** A connection to a system that calls and is not called needs no address of it. */
    private static boolean isCalledOnly(Fields fields) {
        return fields.has("webhook") && !fields.has("baseUrl");
    }

    private static RequestRate rate(Fields fields) {
        fields.allow("requests", "per");
        return new RequestRate(fields.count("requests"), fields.duration("per"));
    }

    private static CircuitBreaker breaker(Fields fields) {
        fields.allow("failures", "pause");
        return new CircuitBreaker(Math.toIntExact(fields.count("failures")), fields.duration("pause"));
    }

    public String id() {
        return id;
    }

    /** The connector whose operations it is for; empty if it is for any. */
    public Optional<String> connector() {
        return Optional.ofNullable(connector);
    }

    /**
     * The URL of a request through this connection.
     *
     * @param url absolute and at one of the connection's origins, or what follows its base URL; such a part does not lead
     *     upwards
     * @throws NonRetriableException kind {@code config}, if it would lead elsewhere
     */
    public String resolve(String url) {
        if (baseUrl != null && isPlainPath(url)) {
            return below(baseUrl, url);
        }
        if (url.chars().anyMatch(Character::isISOControl)) {
            // Readers of URLs leave some of them out, so that '.', tab and '.' would lead upwards.
            throw refused("the URL has a control character; encode data that stands in it, as by urlEncode");
        }
        if (ABSOLUTE.matcher(url).matches()) {
            Optional<String> origin = HttpDoor.origin(url);
            if (origin.isEmpty() || !origins.contains(origin.get())) {
                throw refused("the URL leads to " + origin.orElse("no http or https address")
                        + ", which is none of its origins; use a URL below its base, or add the origin to the field"
                        + " 'origins' of the connection");
            }
            return url;
        }
        if (baseUrl == null) {
            throw refused("it has no 'baseUrl', because it is for calls that come in");
        }
        String path = url.replaceFirst("[?#](?s).*", "");
        if (UPWARDS.matcher(path).matches()) {
            throw refused("the path '" + path + "' leads upwards; encode data that stands in it, as by urlEncode");
        }
        if (url.isEmpty() || url.startsWith("?")) {
            return baseUrl + url;
        }
        return below(baseUrl, url);
    }

    private static String below(String base, String path) {
        return base + (path.startsWith("/") ? "" : "/") + path;
    }

    /** Whether it is a path of letters that lead nowhere else, as most are. */
    private static boolean isPlainPath(String url) {
        if (url.isEmpty() || url.startsWith("//")) {
            return false;
        }
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            boolean plain =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "/_-".indexOf(c) >= 0;
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    /** How the system shows who it is when it calls; empty if it does not call. */
    public Optional<WebhookSignature> webhook() {
        return Optional.ofNullable(webhook);
    }

    /** How many requests it may begin; empty for any number. */
    Optional<RequestRate> rate() {
        return Optional.ofNullable(rate);
    }

    /** When it is left alone; empty for never. */
    Optional<CircuitBreaker> breaker() {
        return Optional.ofNullable(breaker);
    }

    /** The URL whose GET tells at least whether the server is there. */
    String testUrl() {
        return resolve(test == null ? "" : test);
    }

    /** Whether a GET of its {@link #testUrl} succeeds if the connection works. */
    boolean hasTest() {
        return test != null;
    }

    /** A call as this connection sends it, with its credentials. */
    HttpCall prepared(HttpCall call, Authentication.Context context) {
        HttpCall secured = tls == null ? call : call.tls(tls.settings(context));
        return authentication.authenticate(secured, context);
    }

    /** How a person agrees to it; empty if nobody needs to. */
    Optional<UserAuthorization> userAuthorization() {
        return authentication instanceof UserAuthorization user ? Optional.of(user) : Optional.empty();
    }

    /** Hears that a call was refused; whether another one may have other credentials. */
    boolean refused(HttpCall call, HttpAnswer answer) {
        return authentication.refused(call, answer);
    }

    private NonRetriableException refused(String why) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG, "Cannot use the connection '" + id + "': " + why, null);
    }

    @Override
    public String toString() {
        return "Connection " + id + (baseUrl == null ? "" : " to " + baseUrl);
    }
}
