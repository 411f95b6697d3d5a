package io.automationhub.ai.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardrailsTest {

    private static JsonArray list(String text) {
        return (JsonArray) Json.parse(text.replace('\'', '"'));
    }

    private static String passed(Guardrail guardrail, String text) {
        return guardrail.check(text) instanceof Verdict.Redact redact ? redact.text() : text;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-ant-api03-abcdefghijklmnopqrst",
                "ghp_abcdefghijklmnopqrstuvwxyz0123",
                "AKIAIOSFODNN7EXAMPLE",
                "AIzaSyA1234567890abcdefghijklmnopqrstuv",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
                "Bearer abcdefghijklmnop123456",
                "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\nabc=\n-----END RSA PRIVATE KEY-----"
            })
    void secretsAreTakenOut(String secret) {
        assertThat(passed(Guardrails.secrets(), "before " + secret + " after")).isEqualTo("before [redacted] after");
    }

    @Test
    void halfAPrivateKeyIsTakenOutToTheEnd() {
        assertThat(passed(Guardrails.secrets(), "before -----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKC"))
                .isEqualTo("before [redacted]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask-me-anything-about-this-book", "task-sk", "AKIA", "the bearer of this letter"})
    void whatIsNoSecretStays(String text) {
        assertThat(Guardrails.secrets().check(text)).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            write to ada.l+x@mail.example.org, please | write to [redacted], please
            pay DE89 3704 0044 0532 0130 00 now       | pay [redacted] now
            pay GB82WEST12345698765432 now            | pay [redacted] now
            card 4111 1111 1111 1111.                 | card [redacted].
            card 378282246310005                      | card [redacted]
            call +49 (0)30 901820 today               | call [redacted] today
            """)
    void personalDataAreTakenOut(String text, String rest) {
        assertThat(passed(Guardrails.personalData(), text)).isEqualTo(rest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order 4111 1111 1111 1112",
                "DE89 3704 0044 0532 0130 03",
                "2026-11-27T12:00:00+01:00",
                "a @ b",
                "version 1.2.3 of 12345678901"
            })
    void whatOnlyLooksLikePersonalDataStays(String text) {
        assertThat(Guardrails.personalData().check(text)).isEqualTo(Verdict.PASS);
    }

    @Test
    void textsAreBoundedDeniedAllowedAndShaped() {
        assertThat(Guardrails.length(3).check("abc")).isEqualTo(Verdict.PASS);
        assertThat(Guardrails.length(3).check("abcd")).isInstanceOf(Verdict.Retry.class);
        assertThat(passed(Guardrails.deny(List.of("(?i)project \\w+"), "redact"), "Of Project Apollo."))
                .isEqualTo("Of [redacted].");
        assertThat(Guardrails.deny(List.of("x"), "fail").check("x")).isInstanceOf(Verdict.Fail.class);
        assertThat(Guardrails.deny(List.of("x"), "retry").check("x")).isInstanceOf(Verdict.Retry.class);
        assertThat(Guardrails.allow(List.of("^yes", "^no")).check("no!")).isEqualTo(Verdict.PASS);
        assertThat(Guardrails.allow(List.of("^yes", "^no")).check("maybe")).isInstanceOf(Verdict.Retry.class);
        Guardrail number = Guardrails.of(list("[{'type': 'schema', 'schema': {'type': 'number'}}]"))
                .get(0);
        assertThat(number.check("7")).isEqualTo(Verdict.PASS);
        assertThat(number.check("seven")).isEqualTo(new Verdict.Retry("it is no JSON"));
        assertThat(number.check("\"7\"")).isInstanceOf(Verdict.Retry.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)+b", "([a-zA-Z]+)*b"})
    void aPatternEndsInBoundedTime(String pattern) {
        String text = "a".repeat(100_000) + "!";

        assertThat(Guardrails.deny(List.of(pattern), "fail").check(text)).isEqualTo(Verdict.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 ", "a@", "AA00 ", "+1 ", "-----BEGIN PRIVATE KEY-----\nA ", "eyJaaaaaaaa.", "a."})
    void longTextsEndInBoundedTime(String piece) {
        String text = piece.repeat(200_000 / piece.length());

        assertThat(Guardrails.secrets().check(text)).isNotNull();
        assertThat(Guardrails.personalData().check(text)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{}]                                                       | 'type' is one of
            [{'type': 'length'}]                                       | 'max'
            [{'type': 'length', 'max': 0}]                             | 'max'
            [{'type': 'deny'}]                                         | 'patterns'
            [{'type': 'deny', 'patterns': ['(']}]                      | no regular expression
            [{'type': 'deny', 'patterns': ['a'], 'verdict': 'shout'}]  | fail, redact or retry
            [{'type': 'secrets', 'max': 1}]                            | no field 'max'
            ['secrets']                                                | 'type' is one of
            """)
    void aGuardrailThatIsNoneIsRefused(String json, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Guardrails.of(list(json)))
                .withMessageContaining(said);
    }
}
