package io.automationhub.connectors.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.node.TimeLimit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends HTTP requests; nothing else of the library does. Each connection, of a redirect too, goes only to an address that the
 * {@link AddressGuard} lets pass; credentials stay at the origin that the call names; redirects, headers, body and time are
 * bounded. Safe for use by several threads; connections are kept for the next call. Close it when the engine is closed.
 */
public final class HttpDoor implements AutoCloseable {

    /** The kind of failure of a connection that did not come about or broke. */
    public static final String KIND_NETWORK = "network";

    /** The kind of failure of a certificate that is not trusted, or no common protocol. */
    public static final String KIND_TLS = "tls";

    /** The kind of failure of an answer that is larger than it may be. */
    public static final String KIND_TOO_LARGE = "too-large";

    /** The kind of failure of an answer that cannot be read as what it says it is. */
    public static final String KIND_CONTENT = "content";

    /** The kind of failure of a redirect that is not followed. */
    public static final String KIND_REDIRECT = "redirect";

    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private static final Set<String> NEED_BODY = Set.of("POST", "PUT", "PATCH");

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** What a redirect to another origin takes along: nothing that could be a credential. */
    private static final Set<String> HARMLESS = Set.of(
            "accept", "accept-language", "content-type", "user-agent", "range", "if-none-match", "if-modified-since");

    private static final int KEPT_URLS = 500;
    private static final int LONGEST_KEPT = 500;

    /** URLs that were parsed, without what calls add to their query: to parse one takes a tenth of a short call. */
    private final Cache<String, HttpUrl> urls =
            Caffeine.newBuilder().maximumSize(KEPT_URLS).build();

    private final OkHttpClient client;
    private final GuardedSockets sockets;
    private final AddressGuard guard;
    private final BoundedResolver resolver;
    private final boolean proxied;
    private final String userAgent;
    private final Duration timeout;
    private final long maxBytes;
    private final long maxHeaderBytes;
    private final int maxRedirects;
    private final List<HttpExchange.Listener> listeners;

    private HttpDoor(Builder builder) {
        guard = builder.guard;
        resolver = new BoundedResolver(builder.resolver, builder.connectTimeout);
        proxied = builder.proxy != null;
        userAgent = builder.userAgent;
        timeout = builder.timeout;
        maxBytes = builder.maxBytes;
        maxHeaderBytes = builder.maxHeaderBytes;
        maxRedirects = builder.maxRedirects;
        listeners = List.copyOf(builder.listeners);
        sockets = new GuardedSockets(guard, builder.proxy);
        client = new OkHttpClient.Builder()
                .socketFactory(sockets)
                .dns(this::resolve)
                // Never the proxy of the system's properties, behind which the guard would not see the target.
                .proxy(builder.proxy == null ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, builder.proxy))
                .followRedirects(false)
                .followSslRedirects(false)
                .addInterceptor(HttpDoor::boundedIfIdle)
                .addNetworkInterceptor(HttpDoor::unpackedIfEmpty)
                .connectTimeout(builder.connectTimeout)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .connectionPool(new ConnectionPool(builder.idleConnections, 5, TimeUnit.MINUTES))
                .build();
    }

    private static Response boundedIfIdle(Interceptor.Chain chain) throws IOException {
        Duration idle = chain.request().tag(Duration.class);
        return idle == null
                ? chain.proceed(chain.request())
                : chain.withReadTimeout((int) Math.min(idle.toMillis(), Integer.MAX_VALUE), TimeUnit.MILLISECONDS)
                        .proceed(chain.request());
    }

    /** Some servers call an empty body packed, in which the client would look for the head of a packed one. */
    private static Response unpackedIfEmpty(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        return response.body().contentLength() == 0
                ? response.newBuilder().removeHeader("Content-Encoding").build()
                : response;
    }

    /** Public addresses only, and the bounds of the builder's methods. */
    public static HttpDoor create() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Sends a call and waits for the headers of the answer; an answer of any status is an answer. The thread may be
     * interrupted meanwhile.
     *
     * @param cancel ends the call, also while its body is read
     * @throws io.automationhub.engine.error.RetriableException kind {@value #KIND_NETWORK} if no connection came about or it
     *     broke, {@code timeout} if the call took too long
     * @throws io.automationhub.engine.error.NonRetriableException kind {@value AddressGuard#KIND_BLOCKED} if the guard refused
     *     the address, {@value #KIND_TLS}, {@value #KIND_TOO_LARGE}, {@value #KIND_CONTENT} if it is packed otherwise than
     *     asked for, {@value #KIND_REDIRECT}, or {@code config} if the URL is
     *     none
     * @throws CancellationException if the call was cancelled
     */
    public HttpAnswer send(HttpCall call, CancelSignal cancel) {
        long deadline = System.nanoTime() + limit(call).toNanos();
        HttpUrl first = withQuery(call, parsed(call.url()));
        HttpUrl url = first;
        String method = call.method();
        HttpBody body = call.body();
        int most = call.maxRedirects() == null ? maxRedirects : call.maxRedirects();
        for (int hop = 0; ; hop++) {
            OkHttpClient used = isSameOrigin(first, url) ? client(call) : client;
            HttpAnswer answer = exchange(used, call, request(call, first, url, method, body), deadline, cancel);
            String location = answer.header("location").orElse(null);
            if (most == 0 || location == null || !REDIRECTS.contains(answer.status())) {
                return answer;
            }
            int status = answer.status();
            answer.close();
            if (hop == most) {
                throw redirect(
                        call, "it was redirected more than " + most + " times; raise maxRedirects, or look for a loop");
            }
            url = target(call, url, location);
            if (status == 303 && !method.equals("HEAD") || status <= 302 && method.equals("POST")) {
                method = "GET";
                body = null;
            }
        }
    }

    /** Shares threads and connections with the others; a connection belongs to the TLS settings that it was made with. */
    private OkHttpClient client(HttpCall call) {
        TlsSettings tls = call.tls();
        return tls == null
                ? client
                : client.newBuilder()
                        .sslSocketFactory(tls.sockets(), tls.trust())
                        .build();
    }

    private Duration limit(HttpCall call) {
        return call.timeout() == null ? timeout : call.timeout();
    }

    // ---------------------------------------------------------------- what is sent

    static HttpUrl url(HttpCall call) {
        return withQuery(call, HttpUrl.parse(call.url()));
    }

    /** Null if it is none. */
    private @Nullable HttpUrl parsed(String url) {
        return url.length() > LONGEST_KEPT ? HttpUrl.parse(url) : urls.get(url, HttpUrl::parse);
    }

    private static HttpUrl withQuery(HttpCall call, @Nullable HttpUrl url) {
        if (url == null) {
            throw HttpFailures.permanent(
                    ExecutionError.KIND_CONFIG,
                    call,
                    "that is no absolute http or https URL; write one as https://api.example.com/orders",
                    null);
        }
        refuseUser(call, url);
        if (call.query().isEmpty()) {
            return url;
        }
        HttpUrl.Builder built = url.newBuilder();
        call.query().forEach(parameter -> built.addQueryParameter(parameter.getKey(), parameter.getValue()));
        return built.build();
    }

    private static void refuseUser(HttpCall call, HttpUrl url) {
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw HttpFailures.permanent(
                    ExecutionError.KIND_CONFIG,
                    call,
                    "a URL has no user and password, which logs would show; use a connection with basic authentication",
                    null);
        }
    }

    private Request request(HttpCall call, HttpUrl first, HttpUrl url, String method, @Nullable HttpBody body) {
        boolean home = isSameOrigin(first, url);
        Request.Builder request = new Request.Builder().header("User-Agent", userAgent);
        if (call.idleTimeout() != null) {
            request.tag(Duration.class, call.idleTimeout());
        }
        call.headers().forEach((name, value) -> {
            boolean describesBody = name.equals("content-type");
            if ((home || HARMLESS.contains(name)) && !(describesBody && body == null)) {
                request.header(name, value);
            }
        });
        if (home) {
            call.credentialHeaders().forEach(request::header);
        }
        try {
            return request.url(home ? withCredentials(url, call.credentialQuery()) : url)
                    .method(method, requestBody(call, method, body))
                    .build();
        } catch (IllegalArgumentException e) {
            throw HttpFailures.permanent(
                    ExecutionError.KIND_CONFIG, call, "a " + method + " request has no body; remove it", e);
        }
    }

    private static HttpUrl withCredentials(HttpUrl url, Map<String, String> credentials) {
        if (credentials.isEmpty()) {
            return url;
        }
        HttpUrl.Builder target = url.newBuilder();
        credentials.forEach(target::setQueryParameter);
        return target.build();
    }

    private static @Nullable RequestBody requestBody(HttpCall call, String method, @Nullable HttpBody body) {
        boolean needsOne = NEED_BODY.contains(method);
        if (body == null && !needsOne) {
            return null;
        }
        // What a server may have begun to work on is not sent again behind the caller's back.
        boolean oneShot =
                Set.of("POST", "PATCH").contains(method) && !call.headers().containsKey("idempotency-key");
        HttpBody content = body == null ? HttpBody.of("", new byte[0]) : body;
        MediaType type = mediaType(call, content);
        return new RequestBody() {
            @Override
            public @Nullable MediaType contentType() {
                return type;
            }

            @Override
            public long contentLength() {
                return content.length();
            }

            @Override
            public boolean isOneShot() {
                return oneShot;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                content.writeTo(sink.outputStream());
            }
        };
    }

    /** A header says it first, but for the parts of a body, which only the body knows how to tell apart. */
    private static @Nullable MediaType mediaType(HttpCall call, HttpBody body) {
        String text = body.mediaType().startsWith("multipart/")
                ? body.mediaType()
                : call.headers().getOrDefault("content-type", body.mediaType());
        MediaType type = MediaTypes.parse(text);
        if (type == null && !text.isEmpty()) {
            throw HttpFailures.permanent(
                    ExecutionError.KIND_CONFIG, call, "its content has no media type such as text/csv", null);
        }
        return type;
    }

    // ---------------------------------------------------------------- one exchange

    private HttpAnswer exchange(OkHttpClient used, HttpCall call, Request request, long deadline, CancelSignal cancel) {
        checkBehindProxy(call, request.url());
        Call under = used.newCall(request);
        AtomicBoolean cancelled = new AtomicBoolean();
        Runnable withdraw = cancel.onCancel(() -> {
            cancelled.set(true);
            under.cancel();
        });
        long begun = System.nanoTime();
        // The client's own limit wakes a thread for each call that is alone.
        TimeLimit limit = TimeLimit.of(Duration.ofNanos(deadline - begun), under::cancel);
        Runnable end = () -> {
            limit.close();
            withdraw.run();
        };
        Response response;
        try {
            response = under.execute();
        } catch (IOException e) {
            end.run();
            RuntimeException failure = failure(call, cancelled, limit, e);
            tell(call, request, null, failure, begun);
            throw failure;
        } catch (RuntimeException | Error e) {
            end.run();
            throw e;
        }
        tell(call, request, response.code(), null, begun);
        HttpAnswer answer = new HttpAnswer(
                response,
                new AnswerBody(
                        response.body().byteStream(),
                        response.body().contentLength(),
                        call,
                        call.maxBytes() == null ? maxBytes : call.maxBytes(),
                        e -> failure(call, cancelled, limit, e)),
                end);
        try {
            checkHead(call, response);
            return answer;
        } catch (RuntimeException e) {
            answer.close();
            throw e;
        }
    }

    private void checkHead(HttpCall call, Response response) {
        if (response.headers().byteCount() > maxHeaderBytes) {
            throw HttpFailures.permanent(
                    KIND_TOO_LARGE,
                    call,
                    "the answer's headers have more than the " + maxHeaderBytes + " bytes that they may have; raise"
                            + " HttpDoor.builder().maxHeaderBytes",
                    null);
        }
        String encoding = response.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity") && hasBody(response)) {
            throw HttpFailures.permanent(
                    KIND_CONTENT,
                    call,
                    "the answer is packed as '" + encoding + "', which was not asked for; only gzip is",
                    null);
        }
    }

    private static boolean hasBody(Response response) {
        return !response.request().method().equals("HEAD")
                && response.code() != NO_CONTENT
                && response.code() != NOT_MODIFIED;
    }

    private static RuntimeException failure(HttpCall call, AtomicBoolean cancelled, TimeLimit limit, IOException e) {
        if (cancelled.get() || Thread.currentThread().isInterrupted()) {
            CancellationException ended =
                    new CancellationException("The request of " + call.label() + " was cancelled");
            ended.initCause(e);
            return ended;
        }
        return HttpFailures.of(call, limit.isOver() ? tookTooLong(e) : e);
    }

    /** What a cancelled call throws does not say who cancelled it. */
    private static IOException tookTooLong(IOException e) {
        InterruptedIOException timeout = new InterruptedIOException("timeout");
        timeout.initCause(e);
        return timeout;
    }

    private void tell(
            HttpCall call, Request request, @Nullable Integer status, @Nullable RuntimeException failure, long begun) {
        if (listeners.isEmpty()) {
            return;
        }
        HttpExchange exchange = new HttpExchange(
                call.label(),
                request.method(),
                HttpCall.shown(request.url().toString()),
                status,
                failure == null ? null : failure.getMessage(),
                Duration.ofNanos(System.nanoTime() - begun));
        for (HttpExchange.Listener listener : listeners) {
            try {
                listener.exchanged(exchange);
            } catch (RuntimeException e) {
                LOG.warn("A listener of HTTP exchanges failed", e);
            }
        }
    }

    // ---------------------------------------------------------------- addresses

    private List<InetAddress> resolve(String host) throws UnknownHostException {
        List<InetAddress> passed = new ArrayList<>();
        GuardedSockets.Refusal refusal = null;
        for (InetAddress found : resolver.resolve(host)) {
            InetAddress address = InetAddress.getByAddress(host, found.getAddress());
            try {
                if (!proxied) {
                    sockets.check(new InetSocketAddress(address, 0));
                }
                passed.add(address);
            } catch (GuardedSockets.Refusal e) {
                refusal = e;
            }
        }
        if (passed.isEmpty() && refusal != null) {
            UnknownHostException none = new UnknownHostException(host);
            none.initCause(refusal);
            throw none;
        }
        return passed;
    }

    /** A proxy connects where this process cannot see it, so that all addresses of the target must pass before. */
    private void checkBehindProxy(HttpCall call, HttpUrl url) {
        if (!proxied || guard.allowsHost(url.host())) {
            return;
        }
        try {
            for (InetAddress address : resolver.resolve(url.host())) {
                sockets.check(new InetSocketAddress(InetAddress.getByAddress(url.host(), address.getAddress()), 0));
            }
        } catch (IOException e) {
            throw HttpFailures.of(call, e);
        }
    }

    // ---------------------------------------------------------------- redirects

    private static HttpUrl target(HttpCall call, HttpUrl from, String location) {
        HttpUrl target = from.resolve(location);
        if (target == null) {
            throw redirect(call, "it was redirected to what is no http or https URL");
        }
        if (from.isHttps() && !target.isHttps()) {
            throw redirect(
                    call, "it was redirected from https to http, where others can read it; name the http URL itself");
        }
        refuseUser(call, target);
        return target;
    }

    private static RuntimeException redirect(HttpCall call, String what) {
        return HttpFailures.permanent(KIND_REDIRECT, call, what, null);
    }

    private static boolean isSameOrigin(HttpUrl one, HttpUrl other) {
        return one.scheme().equals(other.scheme()) && one.host().equals(other.host()) && one.port() == other.port();
    }

    /**
     * What a reference found in an answer means.
     *
     * @param base absolute
     * @return absolute; empty if it leads to another origin or is no http or https URL
     */
    public static Optional<String> resolveAtOrigin(String base, String reference) {
        HttpUrl from = HttpUrl.parse(base);
        HttpUrl target = from == null ? null : from.resolve(reference);
        return target != null && isSameOrigin(from, target) ? Optional.of(target.toString()) : Optional.empty();
    }

    /**
     * Scheme, host and port of a URL, as {@code https://api.example.com:443}; empty if it is no http or https URL.
     */
    public static Optional<String> origin(String url) {
        HttpUrl parsed = HttpUrl.parse(url);
        return parsed == null
                ? Optional.empty()
                : Optional.of(parsed.scheme() + "://" + parsed.host().toLowerCase(Locale.ROOT) + ":" + parsed.port());
    }

    @Override
    public void close() {
        resolver.close();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** The bounds of a door. */
    public static final class Builder {

        private AddressGuard guard = AddressGuard.publicOnly();
        private HostResolver resolver = HostResolver.SYSTEM;
        private @Nullable InetSocketAddress proxy;
        private String userAgent = "automation-hub-engine";
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration timeout = Duration.ofSeconds(60);
        private long maxBytes = 100L * 1024 * 1024;
        private long maxHeaderBytes = 64 * 1024;
        private int maxRedirects = 5;
        private int idleConnections = 50;
        private final List<HttpExchange.Listener> listeners = new ArrayList<>();

        private Builder() {}

        /** To which addresses it may connect; public ones by default. */
        public Builder addressGuard(AddressGuard addressGuard) {
            guard = addressGuard;
            return this;
        }

        /** How it finds the addresses of hosts; as the system does by default. */
        public Builder resolver(HostResolver hostResolver) {
            resolver = hostResolver;
            return this;
        }

        /**
         * Sends everything through an HTTP proxy, which may have any address. A host that this process cannot resolve itself
         * must be allowed by name then.
         */
        public Builder proxy(String host, int port) {
            proxy = InetSocketAddress.createUnresolved(host, port);
            return this;
        }

        /** How it calls itself in requests that do not say otherwise. */
        public Builder userAgent(String agent) {
            userAgent = agent;
            return this;
        }

        /** The most time for a connection to come about; 10 seconds by default. */
        public Builder connectTimeout(Duration most) {
            connectTimeout = most;
            return this;
        }

        /** The most time for a call that does not say otherwise, with redirects and body; a minute by default. */
        public Builder timeout(Duration most) {
            timeout = most;
            return this;
        }

        /** The most bytes of an answer's body, unpacked, if the call does not say otherwise; 100 MB by default. */
        public Builder maxBytes(long most) {
            maxBytes = most;
            return this;
        }

        /** The most bytes of an answer's headers; 64 kB by default, and never more than 256 kB. */
        public Builder maxHeaderBytes(long most) {
            maxHeaderBytes = most;
            return this;
        }

        /** The most redirects of a call that does not say otherwise; 5 by default, 0 follows none. */
        public Builder maxRedirects(int most) {
            maxRedirects = most;
            return this;
        }

        /** How many connections without a call are kept for the next; 50 by default. */
        public Builder idleConnections(int most) {
            idleConnections = most;
            return this;
        }

        /** Adds one who hears of every exchange. */
        public Builder listener(HttpExchange.Listener listener) {
            listeners.add(listener);
            return this;
        }

        public HttpDoor build() {
            return new HttpDoor(this);
        }
    }
}
