package io.automationhub.connectors.http;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A call of a server. Immutable; credentials stand apart from the rest, so that they reach only the origin of the call's own
 * URL and are never shown. Names and values of headers are checked when they are added.
 */
public final class HttpCall {

    /** Written by the door alone: a caller who could set them could make one request look like two. */
    private static final Set<String> RESERVED = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "upgrade",
            "te",
            "trailer",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "accept-encoding",
            "expect");

    private static final String MASK = "***";
    private static final int SHORT = 6;

    /** What a token has beside letters and digits (RFC 9110, section 5.6.2). */
    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

    private final String label;
    private final String method;
    private final String url;
    private final List<Map.Entry<String, String>> query;
    private final Map<String, String> headers;
    private final Map<String, String> credentialHeaders;
    private final Map<String, String> credentialQuery;
    private final List<String> secrets;
    private final @Nullable HttpBody body;
    private final @Nullable Duration timeout;
    private final @Nullable Duration idleTimeout;
    private final @Nullable Long maxBytes;
    private final @Nullable Integer maxRedirects;
    private final @Nullable TlsSettings tls;

    private HttpCall(Draft draft) {
        label = draft.label;
        method = draft.method;
        url = draft.url;
        query = draft.query;
        headers = draft.headers;
        credentialHeaders = draft.credentialHeaders;
        credentialQuery = draft.credentialQuery;
        secrets = draft.secrets;
        body = draft.body;
        timeout = draft.timeout;
        idleTimeout = draft.idleTimeout;
        maxBytes = draft.maxBytes;
        maxRedirects = draft.maxRedirects;
        tls = draft.tls;
    }

    /**
     * A call without headers and body.
     *
     * @param label whose call it is, for errors and listeners: {@code node 'orders'}
     * @param method such as {@code GET}
     * @param url absolute, http or https, without user and password
     * @throws NonRetriableException kind {@code config}, if the method or the URL is none
     */
    public static HttpCall of(String label, String method, String url) {
        if (!isToken(method)) {
            throw invalid(label, "'" + method + "' is no method of HTTP; use one such as GET or POST");
        }
        return new HttpCall(new Draft(label, method.toUpperCase(Locale.ROOT), url));
    }

    /** The same call at another URL, which has its query in itself. */
    public HttpCall at(String other) {
        Draft draft = new Draft(this, other);
        draft.query = List.of();
        return new HttpCall(draft);
    }

    /** With one more parameter in the query of the URL; the same name may come several times. */
    public HttpCall query(String name, String value) {
        Draft draft = new Draft(this);
        draft.query = with(query, Map.entry(name, value));
        return new HttpCall(draft);
    }

    /** With this parameter in the place of those that were added under the same name. */
    public HttpCall onlyQuery(String name, String value) {
        Draft draft = new Draft(this);
        draft.query = with(without(query, name), Map.entry(name, value));
        return new HttpCall(draft);
    }

    /** With a header; another value of the same header is replaced. */
    public HttpCall header(String name, String value) {
        Draft draft = new Draft(this);
        draft.headers = with(headers, checkedName(name), checked(name, value));
        return new HttpCall(draft);
    }

    /** With a header that only the call's own origin gets, and that is never shown. */
    public HttpCall credentialHeader(String name, String value) {
        Draft draft = new Draft(this);
        String lower = checkedName(name);
        draft.headers = without(headers, lower);
        draft.credentialHeaders = with(credentialHeaders, lower, checked(name, value));
        return new HttpCall(draft);
    }

    /** With a parameter of the query that only the call's own origin gets, and that is never shown. */
    public HttpCall credentialQuery(String name, String value) {
        Draft draft = new Draft(this);
        draft.query = without(query, name);
        draft.credentialQuery = with(credentialQuery, name, value);
        return new HttpCall(draft);
    }

    /** With a text that is never shown, because a credential was made of it. */
    public HttpCall secret(String value) {
        Draft draft = new Draft(this);
        draft.secrets = with(secrets, value);
        return new HttpCall(draft);
    }

    /** With something to send. */
    public HttpCall body(HttpBody content) {
        Draft draft = new Draft(this);
        draft.body = content;
        return new HttpCall(draft);
    }

    /** Bounded in time, from the first connection to the last byte. */
    public HttpCall timeout(@Nullable Duration most) {
        Draft draft = new Draft(this);
        draft.timeout = most;
        return new HttpCall(draft);
    }

    /** Bounded in the time in which nothing comes, of an answer that comes in pieces; no bound of its own unless given. */
    public HttpCall idleTimeout(@Nullable Duration most) {
        Draft draft = new Draft(this);
        draft.idleTimeout = most;
        return new HttpCall(draft);
    }

    /** With at most so many bytes in the answer, unpacked. */
    public HttpCall maxBytes(@Nullable Long most) {
        Draft draft = new Draft(this);
        draft.maxBytes = most;
        return new HttpCall(draft);
    }

    /** With at most so many redirects; 0 gives an answer that redirects back as it is. */
    public HttpCall maxRedirects(@Nullable Integer most) {
        Draft draft = new Draft(this);
        draft.maxRedirects = most;
        return new HttpCall(draft);
    }

    /** With other authorities or a client certificate, at the call's own origin. */
    public HttpCall tls(TlsSettings settings) {
        Draft draft = new Draft(this);
        draft.tls = settings;
        return new HttpCall(draft);
    }

    public String label() {
        return label;
    }

    public String method() {
        return method;
    }

    /** As it was given, without the parameters that were added. */
    public String url() {
        return url;
    }

    /** The parameters that were added, without credentials. */
    public List<Map.Entry<String, String>> query() {
        return query;
    }

    /** The headers by lower-case name, without credentials. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Whether it has a credential in a header, and it is such a one. */
    public boolean hasCredential(String name, Predicate<String> which) {
        String value = credentialHeaders.get(name.toLowerCase(Locale.ROOT));
        return value != null && which.test(value);
    }

    /**
     * The URL as it is sent, with the parameters that were added and without credentials.
     *
     * @throws NonRetriableException kind {@code config}, if it is none
     */
    public String fullUrl() {
        return HttpDoor.url(this).toString();
    }

    Map<String, String> credentialHeaders() {
        return credentialHeaders;
    }

    Map<String, String> credentialQuery() {
        return credentialQuery;
    }

    public @Nullable HttpBody body() {
        return body;
    }

    @Nullable
    TlsSettings tls() {
        return tls;
    }

    @Nullable
    Duration timeout() {
        return timeout;
    }

    @Nullable
    Duration idleTimeout() {
        return idleTimeout;
    }

    @Nullable
    Long maxBytes() {
        return maxBytes;
    }

    @Nullable
    Integer maxRedirects() {
        return maxRedirects;
    }

    /** The call without what is secret and what may be. */
    @Override
    public String toString() {
        return method + " " + shown(url);
    }

    /** A URL without user, query and fragment. */
    static String shown(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                    + (uri.getRawPath() == null ? "" : uri.getRawPath());
        } catch (IllegalArgumentException e) {
            return url.replaceFirst("[?#].*", "").replaceFirst("//[^/@]*@", "//");
        }
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenLetter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isTokenLetter(int letter) {
        return letter >= 'a' && letter <= 'z'
                || letter >= 'A' && letter <= 'Z'
                || letter >= '0' && letter <= '9'
                || TOKEN_SIGNS.indexOf(letter) >= 0;
    }

    /** Whether it may be in the value of a header: no line break, no other control character, nothing that is not ASCII. */
    private static boolean isVisible(int letter) {
        return letter == '\t' || letter >= ' ' && letter <= '~';
    }

    private String checkedName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!isToken(name)) {
            throw invalid(label, "'" + printable(name) + "' is no name of a header; use letters, digits and hyphens");
        }
        if (RESERVED.contains(lower)) {
            throw invalid(label, "the header '" + name + "' is written by the HTTP door alone; remove it");
        }
        return lower;
    }

    private String checked(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isVisible(value.charAt(i))) {
                throw invalid(
                        label,
                        "the header '" + name + "' has a line break, another control character or one that is not"
                                + " ASCII; encode the value, as by urlEncode or base64");
            }
        }
        return value;
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static NonRetriableException invalid(String label, String why) {
        return new NonRetriableException(
                ExecutionError.KIND_CONFIG, "Cannot send the request of " + label + ": " + why, null);
    }

    /**
     * A text in which no credential of this call is left, as a server may send back what it got: each is replaced by
     * {@value #MASK}. A credential of fewer than {@value #SHORT} characters cannot be told from other text.
     */
    public String masked(String text) {
        if (!hasSecrets()) {
            return text;
        }
        String masked = text;
        for (String secret : secretTexts()) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    /** Whether there is anything to mask. */
    public boolean hasSecrets() {
        return !credentialHeaders.isEmpty() || !credentialQuery.isEmpty() || !secrets.isEmpty();
    }

    /** The credentials, what stands in a header behind its scheme, and all of that as a URL has it. */
    private Set<String> secretTexts() {
        Set<String> texts = new LinkedHashSet<>(secrets);
        texts.addAll(credentialQuery.values());
        for (String value : credentialHeaders.values()) {
            texts.add(value);
            texts.add(value.substring(value.indexOf(' ') + 1));
        }
        for (String text : List.copyOf(texts)) {
            texts.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
        }
        texts.removeIf(text -> text.length() < SHORT);
        return texts;
    }

    private static <T> List<T> with(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return Collections.unmodifiableList(longer);
    }

    private static List<Map.Entry<String, String>> without(List<Map.Entry<String, String>> list, String name) {
        return list.stream().filter(entry -> !entry.getKey().equals(name)).toList();
    }

    private static Map<String, String> with(Map<String, String> map, String name, String value) {
        Map<String, String> larger = new LinkedHashMap<>(map);
        larger.put(name, value);
        return Collections.unmodifiableMap(larger);
    }

    private static Map<String, String> without(Map<String, String> map, String name) {
        if (!map.containsKey(name)) {
            return map;
        }
        Map<String, String> smaller = new LinkedHashMap<>(map);
        smaller.remove(name);
        return Collections.unmodifiableMap(smaller);
    }

    /** A call in the making. Its lists and maps are those of the call that it comes from, until it gets others. */
    private static final class Draft {

        private final String label;
        private final String method;
        private final String url;
        private List<Map.Entry<String, String>> query = List.of();
        private Map<String, String> headers = Map.of();
        private Map<String, String> credentialHeaders = Map.of();
        private Map<String, String> credentialQuery = Map.of();
        private List<String> secrets = List.of();
        private @Nullable HttpBody body;
        private @Nullable Duration timeout;
        private @Nullable Duration idleTimeout;
        private @Nullable Long maxBytes;
        private @Nullable Integer maxRedirects;
        private @Nullable TlsSettings tls;

        Draft(String label, String method, String url) {
            this.label = label;
            this.method = method;
            this.url = url;
        }

        Draft(HttpCall call) {
            this(call, call.url);
        }

        Draft(HttpCall call, String other) {
            this(call.label, call.method, other);
            query = call.query;
            headers = call.headers;
            credentialHeaders = call.credentialHeaders;
            credentialQuery = call.credentialQuery;
            secrets = call.secrets;
            body = call.body;
            timeout = call.timeout;
            idleTimeout = call.idleTimeout;
            maxBytes = call.maxBytes;
            maxRedirects = call.maxRedirects;
            tls = call.tls;
        }
    }
}
