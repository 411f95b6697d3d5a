package io.automationhub.connectors.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.connectors.connection.WebhookSignature.RefusedException;
import io.automationhub.connectors.connection.WebhookSignature.Verified;
import io.automationhub.engine.value.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls are taken from whom they are signed by, as the callers' own documentation signs its examples. */
class WebhookSignatureTest {

    private static final String SLACK_BODY =
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
                    + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
                    + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
                    + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    private static WebhookSignature signature(String webhook) {
        return Connection.of(
                        "in",
                        Json.object(Json.parse("{\"webhook\": " + webhook.replace('\'', '"') + "}")),
                        AuthenticationMethods.STANDARD)
                .webhook()
                .orElseThrow();
    }

    private static String of(String type) {
        return "{'type': '" + type + "', 'secret': {'$secret': 's'}}";
    }

    private static WebhookDelivery delivery(String url, String body, String... headers) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return new WebhookDelivery(url, all, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Verified verify(String webhook, WebhookDelivery delivery, long second, String secret) {
        return signature(webhook)
                .verify(
                        delivery,
                        new WebhookSignature.Context(
                                Instant.ofEpochSecond(second),
                                name -> name.name().equals("s") ? secret : "another"));
    }

    private static void assertRefused(
            String webhook, WebhookDelivery delivery, long second, String secret, String why) {
        assertThatThrownBy(() -> verify(webhook, delivery, second, secret))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining(secret);
    }

    private static String hex(String secret, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void gitHubSignsTheBody() {
        String value = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        String secret = "It's a Secret to Everybody";
        WebhookDelivery right = delivery("", "Hello, World!", "x-hub-signature-256", value);

        assertThat(verify(of("github"), right, 0, secret).id()).isNotNull();
        assertRefused(
                of("github"),
                delivery("", "Hello, World?", "x-hub-signature-256", value),
                0,
                secret,
                "does not fit the body");
        assertRefused(of("github"), right, 0, "other", "does not fit the body");
        assertRefused(of("github"), delivery("", "Hello, World!"), 0, secret, "has no header");
        assertRefused(
                of("github"), delivery("", "Hello, World!", "x-hub-signature-256", ""), 0, secret, "does not fit");
    }

    @Test
    void slackSignsTheTimeAndTheBody() {
        String[] headers = {
            "x-slack-signature",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
            "x-slack-request-timestamp",
            "1531420618"
        };
        String secret = "8f742231b10e8888abcd99yyyzzz85a5";
        WebhookDelivery right = delivery("", SLACK_BODY, headers);

        assertThat(verify(of("slack"), right, 1531420618 + 300, secret).reply()).isNull();
        assertRefused(of("slack"), right, 1531420618 + 301, secret, "tolerance of 300 s");
        assertRefused(of("slack"), right, 1531420618 - 301, secret, "tolerance of 300 s");
        headers[3] = "1531420619";
        assertRefused(of("slack"), delivery("", SLACK_BODY, headers), 1531420618, secret, "does not fit the body");
    }

    @Test
    void slackIsAnsweredWhenItTriesTheAddress() throws Exception {
        String body = "{\"type\": \"url_verification\", \"challenge\": \"c-1\"}";
        WebhookDelivery right = delivery(
                "", body, "x-slack-signature", "v0=" + hex("k", "v0:100:" + body), "x-slack-request-timestamp", "100");

        assertThat(verify(of("slack"), right, 100, "k").reply()).isEqualTo("c-1");
    }

    @Test
    void stripeSignsTheTimeAndTheBodyUnderOneOrMoreSecrets() throws Exception {
        String body = "{\"id\": \"evt_1\"}";
        String value = "t=100,v1=" + hex("old", "100." + body) + ",v1=" + hex("new", "100." + body) + ",v0=x";
        WebhookDelivery right = delivery("", body, "stripe-signature", value);

        assertThat(verify(of("stripe"), right, 101, "new").id()).isEqualTo("evt_1");
        assertThat(verify(of("stripe"), right, 101, "old").id()).isEqualTo("evt_1");
        assertRefused(of("stripe"), right, 401, "new", "tolerance");
        assertRefused(of("stripe"), delivery("", body, "stripe-signature", "t=100"), 100, "new", "does not fit");
        assertThat(verify("{'type': 'stripe', 'secret': {'$secret': 's'}, 'tolerance': '1h'}", right, 401, "new")
                        .id())
                .isEqualTo("evt_1");
    }

    @Test
    void standardWebhooksSignIdTimeAndBody() {
        WebhookDelivery right = delivery(
                "",
                "{\"test\": 2432232314}",
                "webhook-id",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp",
                "1614265330",
                "webhook-signature",
                "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v2,x");

        assertThat(verify(of("standard"), right, 1614265330, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                        .id())
                .isEqualTo("msg_p5jXN8AQM9LWM0D4loKWxJek");
        assertRefused(of("standard"), right, 1614265330, "whsec_!", "no Base64");
    }

    @Test
    void twilioSignsTheUrlAndTheFields() {
        String url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        String form =
                "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
        String value = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

        assertThat(verify(of("twilio"), delivery(url, form, "x-twilio-signature", value), 0, "12345")
                        .id())
                .isNotNull();
        assertRefused(of("twilio"), delivery(url + "3", form, "x-twilio-signature", value), 0, "12345", "does not fit");
        assertRefused(
                of("twilio"), delivery(url, form + "&X=1", "x-twilio-signature", value), 0, "12345", "does not fit");
        assertRefused(
                of("twilio"),
                delivery(url + "&bodySHA256=" + "0".repeat(64), "{}", "x-twilio-signature", value),
                0,
                "12345",
                "does not have the digest");
    }

    @Test
    void othersAreDescribed() throws Exception {
        String webhook =
                "{'type': 'hmac', 'secret': [{'$secret': 'next'}, {'$secret': 's'}], 'header': 'X-Sign', 'prefix': 'h=',"
                        + "'payload': '{timestamp}:{body}', 'timestampHeader': 'X-Time', 'id': '/n'}";
        String body = "{\"n\": 7}";
        WebhookDelivery right = delivery("", body, "x-sign", "h=" + hex("k", "5:" + body), "x-time", "5");

        assertThat(verify(webhook, right, 5, "k").id()).isEqualTo("7");
        assertRefused(
                webhook, delivery("", body, "x-sign", "h=" + hex("k", ":" + body)), 5, "k", "no number of seconds");
        assertThat(signature(webhook).credentialHeaders()).containsExactly("x-sign");
    }

    @Test
    void aTokenIsComparedAndSignsNothing() {
        String webhook = "{'type': 'token', 'secret': {'$secret': 's'}, 'header': 'X-Gitlab-Token'}";

        assertThat(verify(webhook, delivery("", "", "x-gitlab-token", "t0k3n"), 0, "t0k3n")
                        .id())
                .isNull();
        assertRefused(webhook, delivery("", "", "x-gitlab-token", "t0k3"), 0, "t0k3n", "is another one");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type": "github"}                                                        | must name a secret
            {"type": "github", "secret": "plain"}                                     | must name a secret
            {"type": "github", "secret": []}                                          | must name a secret
            {"type": "gitea", "secret": {"$secret": "s"}}                             | use one of github, hmac
            {"type": "github", "secret": {"$secret": "s"}, "header": "x"}             | it is not known
            {"type": "hmac", "secret": {"$secret": "s"}}                              | webhook.header
            {"type": "hmac", "secret": {"$secret": "s"}, "header": "h", "algorithm": "md5"} | sha1, sha256, sha512
            {"type": "hmac", "secret": {"$secret": "s"}, "header": "h", "payload": "{body}x"} | ends with the body
            {"type": "hmac", "secret": {"$secret": "s"}, "header": "h", "timestampHeader": "t"} | belong together
            """)
    void aDescriptionThatDoesNotFitIsRefused(String webhook, String named) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> signature(webhook))
                .withMessageContaining(named)
                .withMessageNotContaining("plain");
    }
}
