package io.automationhub.ai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {

    @ParameterizedTest
    @CsvSource({
        "call-1, call-1",
        "toolu_01AZaz09, toolu_01AZaz09",
        "call.1/ä:2, call_1___2",
        "[a], _a_",
        "'', ''",
    })
    void idsOfCallsHaveLettersThatEachProviderTakes(String id, String sent) {
        assertThat(Requests.callId(id)).isEqualTo(sent);
    }
}
