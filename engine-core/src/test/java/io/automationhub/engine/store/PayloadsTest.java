package io.automationhub.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.store.PayloadCodec.PayloadException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values as text of columns, plain, compressed and encrypted. */
class PayloadsTest {

    private static final byte[] OLD_KEY = new byte[16];
    private static final byte[] NEW_KEY =
            "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final PayloadCodec OLD = new EncryptingCodec(Map.of("old", OLD_KEY), "old");
    private static final PayloadCodec BOTH = new EncryptingCodec(Map.of("old", OLD_KEY, "new", NEW_KEY), "new");
    private static final PayloadCodec COMPRESSING = new CompressingCodec(100);
    private static final String TEXT = "größe 😀 \u0000 \ud800 ~".repeat(100);

    private static Payloads payloads(PayloadCodec... codecs) {
        return new Payloads(List.of(codecs));
    }

    @Test
    void everyTextComesBackThroughEveryCodec() {
        for (Payloads each : List.of(payloads(), payloads(COMPRESSING), payloads(OLD), payloads(COMPRESSING, BOTH))) {
            assertThat(each.read(each.write(TEXT))).isEqualTo(TEXT);
            assertThat(each.read(each.write("~"))).isEqualTo("~");
            assertThat(each.read(each.write(null))).isNull();
        }
        assertThat(payloads().write("a")).isEqualTo("\"a\"");
        assertThat(payloads(COMPRESSING).write("a")).as("too short").isEqualTo("\"a\"");
        assertThat(payloads(COMPRESSING).write(TEXT)).startsWith("~deflate:").hasSizeLessThan(TEXT.length());
        assertThat(payloads(BOTH).write("secret")).startsWith("~aes-gcm:").doesNotContain("secret");
    }

    @Test
    void codecsAreAddedAndKeysChangedWhileThereAreRows() {
        String plain = payloads().write(TEXT);
        String old = payloads(COMPRESSING, OLD).write(TEXT);
        Payloads now = payloads(COMPRESSING, BOTH);
        assertThat(now.read(plain)).isEqualTo(TEXT);
        assertThat(now.read(old)).isEqualTo(TEXT);
        assertThatThrownBy(() -> payloads(COMPRESSING, OLD).read(now.write(TEXT)))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("the key 'new'");
        assertThatThrownBy(() -> payloads().read(old))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("the codec 'aes-gcm'");
    }

    @Test
    void whatWasChangedIsSaid() {
        String stored = payloads(BOTH).write(TEXT);
        char changed = stored.charAt(60) == 'A' ? 'B' : 'A';
        for (String bad : List.of(
                stored.substring(0, 60) + changed + stored.substring(61),
                stored.substring(0, 20),
                "~aes-gcm:",
                "~aes-gcm:!",
                "~",
                "{",
                "~deflate:AAAA")) {
            assertThatThrownBy(() -> payloads(COMPRESSING, BOTH).read(bad))
                    .as(bad)
                    .isInstanceOf(PayloadException.class);
        }
    }

    @Test
    void keysThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new EncryptingCodec(Map.of("k", new byte[5]), "k"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16, 24 or 32 bytes");
        assertThatThrownBy(() -> new EncryptingCodec(Map.of("k", OLD_KEY), "other"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no key 'other'");
    }
}
