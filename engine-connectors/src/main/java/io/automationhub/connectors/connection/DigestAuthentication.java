package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.secret.SecretRef;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * HTTP Digest (<a href="https://www.rfc-editor.org/rfc/rfc7616">RFC 7616</a>), with SHA-256 or MD5 and the protection {@code
 * auth}: the first call is refused with a challenge, which the calls after it answer until the server has another.
 */
final class DigestAuthentication implements Authentication {

    private static final Pattern SCHEME = Pattern.compile("(?i)(?:^|,\\s*)Digest\\s+");
    private static final Pattern PARAMETER =
            Pattern.compile("(\\w+)\\s*=\\s*(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^,\\s\"]+))");
    private static final int RANDOM_BYTES = 24;

    private final SecureRandom random = new SecureRandom();
    private final String user;
    private final SecretRef password;
    private volatile @Nullable Challenge challenge;

    /**
     * What the server asks.
     *
     * @param hash the JVM's name of the algorithm
     * @param algorithm as the server wrote it; null if it did not
     * @param used how many calls have answered it
     */
    private record Challenge(
            String realm,
            String nonce,
            @Nullable String opaque,
            @Nullable String algorithm,
            String hash,
            boolean protects,
            AtomicInteger used) {}

    DigestAuthentication(Fields auth) {
        auth.allow("type", "user", "password");
        user = auth.text("user");
        password = auth.secret("password");
    }

    @Override
    public HttpCall authenticate(HttpCall call, Context context) {
        Challenge known = challenge;
        if (known == null) {
            return call;
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String secret = context.reveal(password);
        return call.secret(secret)
                .credentialHeader(
                        "Authorization",
                        response(call, known, secret, Base64.getEncoder().encodeToString(bytes)));
    }

    /** True if the server has a challenge that the call did not answer. */
    @Override
    public boolean refused(HttpCall call, HttpAnswer answer) {
        Optional<Challenge> next = answer.header("www-authenticate").flatMap(DigestAuthentication::challenge);
        if (next.isEmpty() || call.hasCredential("Authorization", text -> text.contains(nonce(next.get())))) {
            return false;
        }
        challenge = next.get();
        return true;
    }

    // ---------------------------------------------------------------- what the server asks

    /** The strongest of the challenges in a header; a server lists the ones that it takes. */
    private static Optional<Challenge> challenge(String header) {
        return SCHEME.splitAsStream(header)
                .map(DigestAuthentication::parsed)
                .flatMap(Optional::stream)
                .max((one, other) ->
                        Integer.compare(one.hash().length(), other.hash().length()));
    }

    private static Optional<Challenge> parsed(String text) {
        Map<String, String> parameters = new HashMap<>();
        Matcher each = PARAMETER.matcher(text);
        while (each.find()) {
            String value = each.group(2) == null ? each.group(3) : each.group(2).replaceAll("\\\\(.)", "$1");
            parameters.putIfAbsent(each.group(1).toLowerCase(Locale.ROOT), value);
        }
        String nonce = parameters.get("nonce");
        String realm = parameters.get("realm");
        String algorithm = parameters.get("algorithm");
        String hash = switch (algorithm == null ? "MD5" : algorithm.toUpperCase(Locale.ROOT)) {
            case "MD5" -> "MD5";
            case "SHA-256" -> "SHA-256";
            default -> "";
        };
        String qop = parameters.get("qop");
        boolean protects = qop != null
                && Stream.of(qop.split(",", -1)).anyMatch(word -> word.trim().equals("auth"));
        if (nonce == null || realm == null || hash.isEmpty() || qop != null && !protects) {
            return Optional.empty();
        }
        return Optional.of(
                new Challenge(realm, nonce, parameters.get("opaque"), algorithm, hash, protects, new AtomicInteger()));
    }

    // ---------------------------------------------------------------- what is answered

    private String response(HttpCall call, Challenge asked, String secret, String clientNonce) {
        URI url = URI.create(call.fullUrl());
        String target = (url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        return header(
                user,
                secret,
                call.method(),
                target,
                asked,
                String.format("%08x", asked.used().incrementAndGet()),
                clientNonce);
    }

    private static String header(
            String user,
            String secret,
            String method,
            String target,
            Challenge asked,
            String count,
            String clientNonce) {
        String who = hash(asked, user + ":" + asked.realm() + ":" + secret);
        String what = hash(asked, method + ":" + target);
        String response = hash(
                asked,
                asked.protects()
                        ? String.join(":", who, asked.nonce(), count, clientNonce, "auth", what)
                        : String.join(":", who, asked.nonce(), what));
        StringBuilder header = new StringBuilder("Digest username=")
                .append(quoted(user))
                .append(", realm=")
                .append(quoted(asked.realm()))
                .append(nonce(asked))
                .append(", uri=")
                .append(quoted(target))
                .append(", response=")
                .append(quoted(response));
        if (asked.algorithm() != null) {
            header.append(", algorithm=").append(asked.algorithm());
        }
        if (asked.opaque() != null) {
            header.append(", opaque=").append(quoted(asked.opaque()));
        }
        if (asked.protects()) {
            header.append(", qop=auth, nc=").append(count).append(", cnonce=").append(quoted(clientNonce));
        }
        return header.toString();
    }

    /** The header for given random text and count, for the examples of the specification. */
    static String header(
            String challenge,
            String user,
            String secret,
            String method,
            String target,
            String count,
            String clientNonce) {
        return header(user, secret, method, target, challenge(challenge).orElseThrow(), count, clientNonce);
    }

    private static String hash(Challenge asked, String text) {
        return HexFormat.of().formatHex(Digests.of(asked.hash()).digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String nonce(Challenge asked) {
        return ", nonce=" + quoted(asked.nonce());
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
