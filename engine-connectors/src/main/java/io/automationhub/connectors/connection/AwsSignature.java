package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.HttpBody;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.secret.SecretRef;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs each call as <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS
 * Signature Version 4</a> says. Its body is read once more than it is sent.
 */
final class AwsSignature implements Authentication {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String S3 = "s3";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DATE_LENGTH = 8;

    private final String accessKeyId;
    private final SecretRef secretKey;
    private final @Nullable SecretRef sessionToken;
    private final String region;
    private final String service;

    AwsSignature(Fields auth) {
        auth.allow("type", "accessKeyId", "secretKey", "sessionToken", "region", "service");
        accessKeyId = auth.text("accessKeyId");
        secretKey = auth.secret("secretKey");
        sessionToken = auth.json().containsKey("sessionToken") ? auth.secret("sessionToken") : null;
        region = auth.text("region");
        service = auth.text("service");
    }

    @Override
    public HttpCall authenticate(HttpCall call, Context context) {
        Instant now = context.now();
        String time = TIME.format(now);
        String date = time.substring(0, DATE_LENGTH);
        String body = hex(bodyHash(call.body()));
        URI url = URI.create(call.fullUrl());

        SortedMap<String, String> signed = new TreeMap<>();
        signed.put("x-amz-date", time);
        if (service.equals(S3)) {
            signed.put("x-amz-content-sha256", body);
        }
        if (sessionToken != null) {
            signed.put("x-amz-security-token", context.reveal(sessionToken));
        }
        HttpCall withHeaders = call;
        for (Map.Entry<String, String> header : signed.entrySet()) {
            withHeaders = withHeaders.credentialHeader(header.getKey(), header.getValue());
        }
        signed.put("host", url.getRawAuthority());

        String names = String.join(";", signed.keySet());
        String canonical = call.method() + "\n" + path(url) + "\n" + query(url) + "\n"
                + signed.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue().trim() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\n" + body;
        String scope = date + "/" + region + "/" + service + "/aws4_request";
        String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + hex(hash(canonical));
        String secret = context.reveal(secretKey);
        byte[] key = mac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date);
        for (String part : List.of(region, service, "aws4_request")) {
            key = mac(key, part);
        }
        return withHeaders
                .secret(secret)
                .credentialHeader(
                        "Authorization",
                        ALGORITHM + " Credential=" + accessKeyId + "/" + scope + ", SignedHeaders=" + names
                                + ", Signature=" + hex(mac(key, toSign)));
    }

    /** Encoded as strictly as the signature wants it, and once more for all services but S3. */
    private String path(URI url) {
        String path = url.getRawPath();
        if (path == null || path.isEmpty()) {
            return "/";
        }
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            String once = encoded(decoded(part));
            parts.add(service.equals(S3) ? once : encoded(once));
        }
        return String.join("/", parts);
    }

    private static String query(URI url) {
        if (url.getRawQuery() == null) {
            return "";
        }
        List<String> parameters = new ArrayList<>();
        for (String parameter : url.getRawQuery().split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            parameters.add(encoded(decoded(name)) + "=" + encoded(decoded(value)));
        }
        Collections.sort(parameters);
        return String.join("&", parameters);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return encoded.toString();
    }

    private static byte[] bodyHash(@Nullable HttpBody body) {
        MessageDigest digest = Digests.of("SHA-256");
        if (body != null) {
            try (DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                body.writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return digest.digest();
    }

    private static byte[] hash(String text) {
        return Digests.of("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has HmacSHA256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
