package io.automationhub.connectors.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The door before real servers on loopback, which a test allows by name where it means to reach them. */
class HttpDoorTest {

    private static final String SECRET = "s3cr3t-token";

    private final MockWebServer server = new MockWebServer();
    private final List<HttpExchange> exchanges = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A door to the hosts that are named, all of which are on loopback. */
    private HttpDoor.Builder door(String... hosts) {
        AddressGuard.Builder guard = AddressGuard.builder();
        for (String host : hosts) {
            guard.allowHost(host);
        }
        return HttpDoor.builder()
                .addressGuard(guard.build())
                .resolver(host -> host.endsWith(".test")
                        ? List.of(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))
                        : HostResolver.SYSTEM.resolve(host))
                .timeout(Duration.ofSeconds(20))
                .listener(exchanges::add);
    }

    private String url(String host, String path) {
        return "http://" + host + ":" + server.getPort() + path;
    }

    private static HttpCall get(String url) {
        return HttpCall.of("node 'n'", "GET", url);
    }

    private static String send(HttpDoor door, HttpCall call) {
        try (HttpAnswer answer = door.send(call, CancelSignal.NONE)) {
            return new String(answer.bytes(), answer.charset());
        }
    }

    private static String kind(Throwable thrown) {
        return thrown instanceof NonRetriableException permanent
                ? permanent.kind()
                : ((RetriableException) thrown).kind() + "?";
    }

    private String failure(HttpDoor door, HttpCall call) {
        Throwable thrown = catchThrowable(() -> send(door, call));
        assertThat(thrown).isInstanceOf(RuntimeException.class);
        assertThat(thrown).hasMessageContaining("node 'n'");
        assertThat(thrown.toString()).doesNotContain(SECRET);
        return kind(thrown);
    }

    private static MockResponse answer(int status, String... headers) {
        return new MockResponse(status, Headers.of(headers), "");
    }

    // ---------------------------------------------------------------- look-ups

    @Test
    void aLookUpThatTakesTooLongIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        try (HttpDoor door = HttpDoor.builder()
                .resolver(host -> stuck(never))
                .connectTimeout(Duration.ofMillis(50))
                .build()) {
            Throwable thrown = catchThrowable(() -> send(door, get("http://slow.example/")));

            assertThat(kind(thrown)).isEqualTo("timeout?");
            assertThat(thrown).hasMessageContaining("the look-up of its host took too long");
        } finally {
            never.countDown();
        }
    }

    private static List<InetAddress> stuck(CountDownLatch never) throws UnknownHostException {
        try {
            assertThat(never.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            // As the system's look-up, which does not hear of it.
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException("slow.example");
    }

    @Test
    void aCancelledRequestDoesNotWaitForALookUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (HttpDoor door = HttpDoor.builder()
                .resolver(host -> {
                    asked.countDown();
                    return stuck(never);
                })
                .connectTimeout(Duration.ofSeconds(20))
                .build()) {
            Thread sender = new Thread(() -> thrown.set(catchThrowable(() -> send(door, get("http://slow.example/")))));
            sender.start();
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

            sender.interrupt();
            sender.join(10_000);

            assertThat(sender.isAlive()).isFalse();
            assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        } finally {
            never.countDown();
        }
    }

    // ---------------------------------------------------------------- addresses

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "017700000001",
                "0177.0.0.1",
                "0",
                "0.0.0.0",
                "127.127.127.127",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[0:0:0:0:0:ffff:127.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::127.0.0.1]",
                "①②⑦.⓪.⓪.①",
                "127。0。0。1",
                "inner.test"
            })
    void noFormOfALoopbackAddressReachesTheCanary(String host) {
        try (HttpDoor door = door().build()) {
            String kind = failure(door, get(url(host, "/")));
            // Where the system does not take the form for an address, there is no such host, or it is no URL.
            assertThat(kind).isIn(AddressGuard.KIND_BLOCKED, HttpDoor.KIND_NETWORK + "?", "config");
        }
        assertThat(server.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://[fd00:ec2::254]/",
                "http://192.168.1.1/",
                "http://10.0.0.1:8080/",
                "http://100.100.100.200/"
            })
    void theAddressesOfCloudsAndNetworksAreBlocked(String url) {
        try (HttpDoor door = door().build()) {
            assertThatThrownBy(() -> send(door, get(url))).hasMessageContainingAll("allowHost", "allowAddress");
            assertThat(failure(door, get(url))).isEqualTo(AddressGuard.KIND_BLOCKED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "gopher://x/",
                "ftp://x/",
                "dict://x/",
                "//x/",
                "x",
                "",
                "http://",
                "http:/x y"
            })
    void whatIsNoHttpUrlIsRefused(String url) {
        try (HttpDoor door = door().build()) {
            assertThat(failure(door, get(url))).isIn("config", HttpDoor.KIND_NETWORK + "?");
        }
    }

    @Test
    void aNameThatResolvesElsewhereTheSecondTimeIsLookedAtAgain() {
        server.enqueue(answer(200));
        AtomicInteger asked = new AtomicInteger();
        HttpDoor.Builder builder = HttpDoor.builder()
                .connectTimeout(Duration.ofMillis(50))
                .resolver(host -> List.of(InetAddress.getByAddress(
                        asked.getAndIncrement() == 0 ? new byte[] {8, 8, 8, 8} : new byte[] {127, 0, 0, 1})));
        try (HttpDoor door = builder.build()) {
            assertThat(failure(door, get(url("rebinding.example", "/")))).endsWith("?");
            assertThat(failure(door, get(url("rebinding.example", "/")))).isEqualTo(AddressGuard.KIND_BLOCKED);
        }
        assertThat(asked).hasValue(2);
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void aRedirectToABlockedAddressIsNotFollowed() {
        server.enqueue(answer(302, "Location", "http://127.0.0.1:" + server.getPort() + "/canary"));
        try (HttpDoor door = door("public.test").build()) {
            assertThat(failure(door, get(url("public.test", "/")))).isEqualTo(AddressGuard.KIND_BLOCKED);
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void behindAProxyTheTargetIsLookedAtBefore() {
        server.enqueue(new MockResponse(200, Headers.of(), "through the proxy"));
        try (HttpDoor door =
                door("public.test").proxy("127.0.0.1", server.getPort()).build()) {
            assertThat(send(door, get("http://public.test/"))).isEqualTo("through the proxy");
            assertThat(failure(door, get("http://inner.test/"))).isEqualTo(AddressGuard.KIND_BLOCKED);
            assertThat(failure(door, get("http://10.0.0.1/"))).isEqualTo(AddressGuard.KIND_BLOCKED);
        }
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    // ---------------------------------------------------------------- redirects and credentials

    @Test
    void credentialsStayAtTheirOrigin() throws InterruptedException {
        server.enqueue(answer(307, "Location", url("second.test", "/b")));
        server.enqueue(answer(200));
        try (HttpDoor door = door("first.test", "second.test").build()) {
            send(
                    door,
                    get(url("first.test", "/a"))
                            .header("Accept", "text/csv")
                            .header("X-Api-Key", "from a template")
                            .header("Cookie", "a=b")
                            .credentialHeader("Authorization", "Bearer " + SECRET)
                            .credentialQuery("key", SECRET));
        }
        RecordedRequest first = server.takeRequest();
        assertThat(first.getHeaders().get("Authorization")).isEqualTo("Bearer " + SECRET);
        assertThat(first.getUrl().queryParameter("key")).isEqualTo(SECRET);
        RecordedRequest second = server.takeRequest();
        assertThat(second.getHeaders().get("Accept")).isEqualTo("text/csv");
        assertThat(second.getHeaders().names())
                .doesNotContain("Authorization", "X-Api-Key", "x-api-key", "Cookie", "cookie", "authorization");
        assertThat(second.getUrl().toString()).doesNotContain(SECRET);
        assertThat(exchanges).hasSize(2).extracting(HttpExchange::status).containsExactly(307, 200);
        assertThat(exchanges.toString()).doesNotContain(SECRET);
    }

    @Test
    void credentialsFollowARedirectAtTheSameOrigin() throws InterruptedException {
        server.enqueue(answer(301, "Location", "/b"));
        server.enqueue(answer(200));
        try (HttpDoor door = door("first.test").build()) {
            send(door, get(url("first.test", "/a")).credentialHeader("Authorization", "Bearer " + SECRET));
        }
        server.takeRequest();
        assertThat(server.takeRequest().getHeaders().get("Authorization")).isEqualTo("Bearer " + SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, 301, GET, ''",
        "POST, 302, GET, ''",
        "POST, 303, GET, ''",
        "PUT, 303, GET, ''",
        "PUT, 302, PUT, text",
        "POST, 307, POST, text",
        "POST, 308, POST, text"
    })
    void aRedirectKeepsMethodAndBodyWhereTheStatusSaysSo(String method, int status, String then, String body)
            throws InterruptedException {
        server.enqueue(answer(status, "Location", "/b"));
        server.enqueue(answer(200));
        try (HttpDoor door = door("first.test").build()) {
            send(
                    door,
                    HttpCall.of("node 'n'", method, url("first.test", "/a"))
                            .body(HttpBody.of("text/plain", "text".getBytes(UTF_8))));
        }
        server.takeRequest();
        RecordedRequest second = server.takeRequest();
        assertThat(second.getMethod()).isEqualTo(then);
        assertThat(second.getBody() == null ? "" : second.getBody().utf8()).isEqualTo(body);
    }

    @Test
    void aLoopOfRedirectsEnds() {
        for (int i = 0; i < 10; i++) {
            server.enqueue(answer(302, "Location", "/again"));
        }
        try (HttpDoor door = door("first.test").build()) {
            assertThat(failure(door, get(url("first.test", "/")).maxRedirects(3)))
                    .isEqualTo(HttpDoor.KIND_REDIRECT);
        }
        assertThat(server.getRequestCount()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "http://", "javascript:alert(1)", "http://u:p@first.test/"})
    void aRedirectToWhatIsNoPlaceIsNotFollowed(String location) {
        server.enqueue(answer(302, "Location", location));
        try (HttpDoor door = door("first.test").build()) {
            assertThat(failure(door, get(url("first.test", "/")))).isIn(HttpDoor.KIND_REDIRECT, "config");
        }
    }

    // ---------------------------------------------------------------- bounds

    @Test
    void aGzipBombIsCut() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }
        server.enqueue(new MockResponse.Builder()
                .code(200)
                .addHeader("Content-Encoding", "gzip")
                .body(new Buffer().write(packed.toByteArray()))
                .build());
        try (HttpDoor door = door("first.test").maxBytes(1024 * 1024).build()) {
            assertThat(failure(door, get(url("first.test", "/")))).isEqualTo(HttpDoor.KIND_TOO_LARGE);
        }
        assertThat(packed.size()).isLessThan(1024 * 1024);
    }

    @Test
    void nothingThatIsCalledPackedIsNothing() {
        server.enqueue(new MockResponse(200, Headers.of("Content-Encoding", "gzip", "Content-Length", "0"), ""));
        try (HttpDoor door = door("first.test").build();
                HttpAnswer answer = door.send(get(url("first.test", "/")), CancelSignal.NONE)) {
            assertThat(answer.bytes()).isEmpty();
        }
    }

    @Test
    void packedOtherwiseThanAskedForIsRefused() {
        server.enqueue(new MockResponse(200, Headers.of("Content-Encoding", "br"), "packed"));
        try (HttpDoor door = door("first.test").build()) {
            assertThat(failure(door, get(url("first.test", "/")))).isEqualTo(HttpDoor.KIND_CONTENT);
        }
    }

    @Test
    void anAnswerWithoutABodyMayCallItselfPacked() {
        for (int status : new int[] {304, 204, 200}) {
            server.enqueue(new MockResponse.Builder()
                    .code(status)
                    .clearHeaders()
                    .addHeader("Content-Encoding", "br")
                    .build());
        }
        try (HttpDoor door = door("first.test").build()) {
            for (String method : new String[] {"GET", "GET", "HEAD"}) {
                assertThat(send(door, HttpCall.of("node 'n'", method, url("first.test", "/"))))
                        .isEmpty();
            }
        }
    }

    @Test
    void hugeHeadersAreRefused() {
        server.enqueue(answer(200, "X-Large", "x".repeat(70_000)));
        try (HttpDoor door = door("first.test").build()) {
            assertThat(failure(door, get(url("first.test", "/")))).isEqualTo(HttpDoor.KIND_TOO_LARGE);
        }
    }

    /** A server that sends what the script writes and nothing else. */
    private interface Script {
        void write(Socket socket) throws IOException, InterruptedException;
    }

    private String failureAt(Script script, Duration timeout) throws IOException {
        return failureAt("http", script, timeout);
    }

    private String failureAt(String scheme, Script script, Duration timeout) throws IOException {
        try (ServerSocket raw = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                HttpDoor door = door("raw.test").timeout(timeout).build()) {
            Thread serving = new Thread(() -> {
                while (!raw.isClosed()) {
                    try (Socket socket = raw.accept()) {
                        byte[] head = new byte[1024];
                        if (socket.getInputStream().read(head) > 0) {
                            script.write(socket);
                        }
                    } catch (IOException e) {
                        continue;
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            });
            serving.start();
            try {
                return failure(door, get(scheme + "://raw.test:" + raw.getLocalPort() + "/"));
            } finally {
                serving.interrupt();
            }
        }
    }

    private static void print(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    @Test
    void whatBreaksOnTheWireMayBeTriedAgain() throws IOException {
        Duration enough = Duration.ofSeconds(10);
        assertThat(failureAt(socket -> print(socket, "garbage\r\n\r\n"), enough))
                .isEqualTo("network?");
        assertThat(failureAt(socket -> socket.setSoLinger(true, 0), enough)).isEqualTo("network?");
        assertThat(failureAt(socket -> print(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), enough))
                .isEqualTo("network?");
        assertThat(failureAt(
                        socket -> print(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), enough))
                .isEqualTo("network?");
        assertThat(failureAt(socket -> {}, enough)).isEqualTo("network?");
    }

    @Test
    void aServerThatDribblesIsGivenUp() throws IOException {
        Script dribble = socket -> {
            print(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            for (int i = 0; i < 10_000; i++) {
                print(socket, "x");
                TimeUnit.MILLISECONDS.sleep(5);
            }
        };
        assertThat(failureAt(dribble, Duration.ofMillis(300))).isEqualTo("timeout?");
    }

    @Test
    void aBodyThatFailsLeavesNobodyWhoWaitsForACancellation() {
        HttpBody failing = new HttpBody() {
            @Override
            public String mediaType() {
                return "text/plain";
            }

            @Override
            public long length() {
                return -1;
            }

            @Override
            public void writeTo(OutputStream out) {
                throw new IllegalStateException("on purpose");
            }
        };
        AtomicInteger waiting = new AtomicInteger();
        CancelSignal signal = action -> {
            waiting.incrementAndGet();
            return waiting::decrementAndGet;
        };
        HttpCall call = HttpCall.of("node 'n'", "POST", url("first.test", "/")).body(failing);
        try (HttpDoor door = door("first.test").build()) {
            assertThatThrownBy(() -> door.send(call, signal)).hasMessageContaining("on purpose");
        }
        assertThat(waiting).hasValue(0);
    }

    @Test
    void anEndlessAnswerIsCut() throws IOException {
        Script endless = socket -> {
            print(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
            while (true) {
                print(socket, chunk);
            }
        };
        assertThat(failureAt(endless, Duration.ofMinutes(1))).isEqualTo(HttpDoor.KIND_TOO_LARGE);
    }

    @Test
    void noServerIsAFailureThatMayPass() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (HttpDoor door = door("gone.test").build()) {
            assertThat(failure(door, get("http://gone.test:" + port + "/?key=" + SECRET)))
                    .isEqualTo("network?");
        }
    }

    @Test
    void aCancelledCallClosesItsConnection() throws InterruptedException {
        server.enqueue(
                new MockResponse.Builder().headersDelay(1, TimeUnit.HOURS).build());
        AtomicReference<Runnable> cancel = new AtomicReference<>();
        CountDownLatch registered = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (HttpDoor door = door("first.test").build()) {
            Thread calling =
                    new Thread(() -> thrown.set(catchThrowable(() -> door.send(get(url("first.test", "/")), action -> {
                        cancel.set(action);
                        registered.countDown();
                        return () -> {};
                    }))));
            calling.start();
            assertThat(registered.await(10, TimeUnit.SECONDS)).isTrue();
            server.takeRequest();
            cancel.get().run();
            calling.join(10_000);
            assertThat(calling.isAlive()).isFalse();
        }
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    }

    // ---------------------------------------------------------------- what is sent

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "a\rb", "a\u0000b", "\u007f", "ü", "a\u2028b"})
    void aHeaderCannotBecomeTwo(String value) {
        assertThatThrownBy(() -> get("http://x/").header("X-Name", value))
                .isInstanceOf(NonRetriableException.class)
                .hasMessageContaining("X-Name")
                .hasMessageNotContaining("Evil");
        assertThatThrownBy(() -> get("http://x/").credentialHeader("X-Name", value))
                .isInstanceOf(NonRetriableException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a b", "a:b", "a\r\nb", "ü", "Host", "content-length", "Transfer-Encoding", "Connection"})
    void namesOfHeadersThatAreNoneOrReservedAreRefused(String name) {
        assertThatThrownBy(() -> get("http://x/").header(name, "v")).isInstanceOf(NonRetriableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /evil HTTP/1.1\r\n", "GE T", "G\u0000T"})
    void aMethodThatIsNoneIsRefused(String method) {
        assertThatThrownBy(() -> HttpCall.of("node 'n'", method, "http://x/"))
                .isInstanceOf(NonRetriableException.class);
    }

    @Test
    void aUrlWithUserAndPasswordIsRefused() {
        try (HttpDoor door = door("first.test").build()) {
            assertThat(failure(door, get("http://user:" + SECRET + "@first.test/")))
                    .isEqualTo("config");
        }
    }

    @Test
    void parametersAreEncoded() throws InterruptedException {
        server.enqueue(answer(200));
        try (HttpDoor door = door("first.test").build()) {
            send(door, get(url("first.test", "/p?a=1")).query("q", "x&y=z #ü+").query("q", "2"));
        }
        assertThat(server.takeRequest().getUrl().queryParameterValues("q")).containsExactly("x&y=z #ü+", "2");
    }

    // ---------------------------------------------------------------- TLS

    @Test
    void certificatesOfAllWrongKindsAreRefused() throws IOException {
        HeldCertificate selfSigned = new HeldCertificate.Builder()
                .addSubjectAlternativeName("tls.test")
                .build();
        HeldCertificate expired = new HeldCertificate.Builder()
                .addSubjectAlternativeName("tls.test")
                .validityInterval(0, 1000)
                .build();
        for (Map.Entry<String, HeldCertificate> wrong :
                Map.of("self-signed", selfSigned, "expired", expired).entrySet()) {
            try (MockWebServer secure = new MockWebServer();
                    HttpDoor door = door("tls.test").build()) {
                secure.useHttps(new HandshakeCertificates.Builder()
                        .heldCertificate(wrong.getValue())
                        .build()
                        .sslSocketFactory());
                secure.start();
                assertThat(failure(door, get("https://tls.test:" + secure.getPort() + "/")))
                        .as(wrong.getKey())
                        .isEqualTo(HttpDoor.KIND_TLS);
                assertThat(secure.getRequestCount()).isZero();
            }
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIsNoSecureServer() throws IOException {
        assertThat(failureAt(
                        "https", socket -> print(socket, "HTTP/1.1 400 Bad Request\r\n\r\n"), Duration.ofSeconds(10)))
                .isIn("tls", "network?");
    }
}
