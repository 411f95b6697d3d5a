package io.automationhub.engine.functions;

import static io.automationhub.engine.expression.ExpressionFunction.named;
import static io.automationhub.engine.expression.ValueType.ANY;
import static io.automationhub.engine.expression.ValueType.BOOLEAN;
import static io.automationhub.engine.expression.ValueType.INTEGER;
import static io.automationhub.engine.expression.ValueType.NUMBER;
import static io.automationhub.engine.expression.ValueType.TEXT;

import io.automationhub.engine.expression.FunctionCall;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.value.Json;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Functions that write text in another way, sign it, or make it up. */
final class EncodingFunctions {

    private static final List<String> DIGITS = List.of("hex", "base64");

    private EncodingFunctions() {}

    static void register(FunctionLibrary.Builder library) {
        json(library);
        codes(library);
        hash(library, "md5", "MD5", "'900150983cd24fb0d6963f7d28e17f72'");
        hash(library, "sha1", "SHA-1", "'a9993e364706816aba3e25717850c26c9cd0d89d'");
        hash(library, "sha256", "SHA-256", "'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'");
        hash(
                library,
                "sha512",
                "SHA-512",
                "'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f'");
        library.add(named("hash:hmacSha256")
                .takes("text", TEXT)
                .takes("key", TEXT)
                .mayTakeOneOf("digits", DIGITS)
                .gives(TEXT)
                .does("The HMAC-SHA-256 (RFC 2104) of a text's UTF-8 bytes, as hexadecimal digits or Base64.")
                .example(
                        "'what do ya want for nothing?'.hmacSha256('Jefe')",
                        "'5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'")
                .as(EncodingFunctions::hmac));
        random(library);
    }

    private static void json(FunctionLibrary.Builder library) {
        library.add(named("json:toJson")
                .takes("value", ANY)
                .mayTake("pretty", BOOLEAN)
                .gives(TEXT)
                .does("A value as JSON; on several lines if pretty.")
                .example("{'a': [1, null]}.toJson()", "'{\"a\":[1,null]}'")
                .example("json:toJson([1], true)", "'[\\n  1\\n]'")
                .as(call -> {
                    call.charge(Math.min(Integer.MAX_VALUE, Json.encodedSize(call.value(0))));
                    return call.truth(1) ? Json.writePretty(call.value(0)) : Json.write(call.value(0));
                }));
        library.add(named("json:parseJson")
                .takes("text", TEXT)
                .gives(ANY)
                .does("The value that a text writes in JSON.")
                .example("'{\"a\": 1.50}'.parseJson()", "{'a': 1.50}")
                .as(call -> Json.parse(call.text(0))));
    }

    private static void codes(FunctionLibrary.Builder library) {
        library.add(named("text:base64Encode")
                .takes("text", TEXT)
                .mayTake("url", BOOLEAN)
                .gives(TEXT)
                .does("The Base64 (RFC 4648) of a text's UTF-8 bytes; the alphabet for addresses, unpadded, if 'url'.")
                .example("'Größe'.base64Encode()", "'R3LDtsOfZQ=='")
                .example("'~?>'.base64Encode(true)", "'fj8-'")
                .as(call -> (call.truth(1) ? Base64.getUrlEncoder().withoutPadding() : Base64.getEncoder())
                        .encodeToString(call.text(0).getBytes(StandardCharsets.UTF_8))));
        library.add(named("text:base64Decode")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("The text whose UTF-8 bytes a Base64 text, of either alphabet, stands for.")
                .example("'R3LDtsOfZQ=='.base64Decode()", "'Größe'")
                .as(EncodingFunctions::base64Decode));
        library.add(named("text:urlEncode")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("Text as it stands in a part of a URL (RFC 3986): all but letters, digits and -._~ as %XX.")
                .example("'a b&ü'.urlEncode()", "'a%20b%26%C3%BC'")
                .as(call -> URLEncoder.encode(call.text(0), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A")
                        .replace("%7E", "~")));
        library.add(named("text:urlDecode")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("Text from a part of a URL; '+' is a blank, as forms write it.")
                .example("'a%20b+%C3%BC'.urlDecode()", "'a b ü'")
                .as(EncodingFunctions::urlDecode));
        library.add(named("text:htmlEscape")
                .takes("text", TEXT)
                .gives(TEXT)
                .does("Text for a place in HTML, between tags or in an attribute.")
                .example("'<a href=\"x\">&'.htmlEscape()", "'&lt;a href=&quot;x&quot;&gt;&amp;'")
                .as(call -> {
                    call.charge(6L * call.text(0).length());
                    return call.text(0)
                            .replace("&", "&amp;")
                            .replace("<", "&lt;")
                            .replace(">", "&gt;")
                            .replace("\"", "&quot;")
                            .replace("'", "&#39;");
                }));
    }

    private static void hash(FunctionLibrary.Builder library, String name, String algorithm, String example) {
        library.add(named("hash:" + name)
                .takes("text", TEXT)
                .mayTakeOneOf("digits", DIGITS)
                .gives(TEXT)
                .does("The " + algorithm + " digest of a text's UTF-8 bytes, as hexadecimal digits or Base64.")
                .example("'abc'." + name + "()", example)
                .as(call -> {
                    try {
                        return digits(
                                call, 1, MessageDigest.getInstance(algorithm).digest(bytes(call, 0)));
                    } catch (NoSuchAlgorithmException e) {
                        throw call.failure("this Java has no " + algorithm);
                    }
                }));
    }

    private static void random(FunctionLibrary.Builder library) {
        library.add(named("random:uuid")
                .gives(TEXT)
                .does("A random UUID (RFC 9562, version 4) that is the same when a turn is repeated after a crash.")
                .example(
                        "uuid().matches('[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}')", "true")
                .as(call -> {
                    long high = call.random().nextLong() & ~0xF000L | 0x4000L;
                    long low = call.random().nextLong() & ~(0xC0L << 56) | 0x80L << 56;
                    return new UUID(high, low).toString();
                }));
        library.add(named("random:random")
                .gives(NUMBER)
                .does("A random number from 0 up to, but without, 1.")
                .example("random() < 1", "true")
                .as(call -> BigDecimal.valueOf(call.random().nextDouble())));
        library.add(named("random:randomInteger")
                .takes("from", INTEGER)
                .takes("to", INTEGER)
                .gives(INTEGER)
                .does("A random whole number, both ends included.")
                .example("randomInteger(3, 3)", "3")
                .as(call -> {
                    if (call.integer(0) > call.integer(1)) {
                        throw call.failure("'from' is larger than 'to'");
                    }
                    return call.random().nextLong(call.integer(0), call.integer(1) + 1L);
                }));
    }

    private static Object hmac(FunctionCall call) {
        if (call.text(1).isEmpty()) {
            throw call.failure("'key' is empty; a signature without a key proves nothing");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes(call, 1), "HmacSHA256"));
            return digits(call, 2, mac.doFinal(bytes(call, 0)));
        } catch (GeneralSecurityException e) {
            throw call.failure("this Java has no HmacSHA256");
        }
    }

    private static byte[] bytes(FunctionCall call, int position) {
        return call.text(position).getBytes(StandardCharsets.UTF_8);
    }

    private static String digits(FunctionCall call, int position, byte[] bytes) {
        return call.text(position, "hex").equals("hex")
                ? HexFormat.of().formatHex(bytes)
                : Base64.getEncoder().encodeToString(bytes);
    }

    private static Object base64Decode(FunctionCall call) {
        String text = call.text(0).replace('-', '+').replace('_', '/');
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getMimeDecoder().decode(text)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw call.failure("the bytes are no text in UTF-8; bytes belong into a file, not into a value");
        } catch (IllegalArgumentException e) {
            throw call.failure("the text is not Base64");
        }
    }

    private static Object urlDecode(FunctionCall call) {
        try {
            return URLDecoder.decode(call.text(0), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw call.failure("a '%' is not followed by two hexadecimal digits");
        }
    }
}
