package io.automationhub.connectors.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWEObject;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredSecretsTest {

    private static final String VALUE = "pässwörd-🔑";

    private final DocumentStore documents = new InMemoryDocumentStore();

    private static String key(String id) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) id.hashCode();
        return id + ":" + Base64.getEncoder().encodeToString(bytes);
    }

    private StoredSecrets secrets(String... ids) {
        return new StoredSecrets(
                documents,
                SecretKeys.parse(String.join(
                        ",", List.of(ids).stream().map(StoredSecretsTest::key).toList())));
    }

    private static Optional<String> value(SecretStore store, String tenant, String name) {
        return store.find(tenant, name).map(Secret::reveal);
    }

    @Test
    void aSecretIsKeptEncryptedAndBelongsToItsTenant() throws Exception {
        StoredSecrets secrets = secrets("k1");
        secrets.put("acme", "token", "first");
        secrets.put("acme", "token", VALUE);
        assertThat(value(secrets, "acme", "token")).contains(VALUE);
        assertThat(value(secrets, "other", "token")).isEmpty();
        assertThat(secrets.names("acme")).containsExactly("token");
        DocumentStore.Document stored =
                documents.find(StoredSecrets.COLLECTION, "acme", "token").orElseThrow();
        assertThat(stored.toString()).doesNotContain(VALUE, "word");
        JWEObject jwe = JWEObject.parse(String.valueOf(stored.body().get("jwe")));
        assertThat(jwe.getHeader().getKeyID()).isEqualTo("k1");
        assertThat(jwe.getHeader().getEncryptionMethod().getName()).isEqualTo("A256GCM");
        assertThat(secrets.find("acme", "token").orElseThrow()).hasToString("Secret");
        assertThat(secrets.delete("acme", "token")).isTrue();
        assertThat(secrets.delete("acme", "token")).isFalse();
        assertThat(value(secrets, "acme", "token")).isEmpty();
    }

    @Test
    void keysChangeWhileAllCanRead() {
        secrets("old").put("acme", "a", "1");
        StoredSecrets reader = secrets("old", "new");
        StoredSecrets writer = secrets("new", "old");
        writer.put("acme", "b", "2");
        assertThat(value(reader, "acme", "b")).contains("2");
        assertThat(writer.rotate("acme")).isEqualTo(1);
        assertThat(writer.rotate("acme")).isZero();
        StoredSecrets after = secrets("new");
        assertThat(value(after, "acme", "a")).contains("1");
        assertThat(value(after, "acme", "b")).contains("2");
    }

    @Test
    void manySecretsAreListedAndRotated() {
        StoredSecrets old = secrets("old");
        for (int i = 0; i < 250; i++) {
            old.put("acme", "s" + i, "v" + i);
        }
        assertThat(old.names("acme")).hasSize(250);
        assertThat(secrets("new", "old").rotate("acme")).isEqualTo(250);
        assertThat(value(secrets("new"), "acme", "s249")).contains("v249");
    }

    @Test
    void aMissingKeyIsNamed() {
        secrets("old").put("acme", "a", "1");
        assertThatThrownBy(() -> secrets("new").find("acme", "a"))
                .isInstanceOf(NonRetriableException.class)
                .hasMessageContainingAll("'a'", "'old'", "new");
    }

    @Test
    void whatWasAlteredOrExchangedIsRefused() {
        StoredSecrets secrets = secrets("k1");
        secrets.put("acme", "mine", "1");
        secrets.put("acme", "yours", "2");
        DocumentStore.Document mine =
                documents.find(StoredSecrets.COLLECTION, "acme", "mine").orElseThrow();
        DocumentStore.Document yours =
                documents.find(StoredSecrets.COLLECTION, "acme", "yours").orElseThrow();
        documents.put(StoredSecrets.COLLECTION, "acme", "mine", mine.version(), yours.body(), Map.of());
        assertThatThrownBy(() -> secrets.find("acme", "mine")).hasMessageContaining("put in its place");

        String jwe = String.valueOf(yours.body().get("jwe"));
        for (String altered : List.of(
                jwe.substring(0, jwe.length() - 2), jwe + "AA", "", "a.b.c.d.e", jwe.replaceFirst("^[^.]*", "e30"))) {
            DocumentStore.Document now =
                    documents.find(StoredSecrets.COLLECTION, "acme", "yours").orElseThrow();
            documents.put(
                    StoredSecrets.COLLECTION, "acme", "yours", now.version(), JsonObject.of("jwe", altered), Map.of());
            assertThatThrownBy(() -> secrets.find("acme", "yours"))
                    .isInstanceOfSatisfying(
                            NonRetriableException.class,
                            e -> assertThat(e.kind()).isEqualTo("secret"));
        }
    }

    @Test
    void whoWritesAtTheSameTimeLosesNothing() throws InterruptedException {
        StoredSecrets secrets = secrets("k1");
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String mine = "v" + i;
            writers.add(new Thread(() -> secrets.put("acme", "shared", mine)));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(documents
                        .find(StoredSecrets.COLLECTION, "acme", "shared")
                        .orElseThrow()
                        .version())
                .isEqualTo(4);
        assertThat(value(secrets, "acme", "shared").orElseThrow()).startsWith("v");
    }

    @Test
    void keysStandInAFileWithRemarks(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "# current\n" + key("b") + "\r\n\n" + key("a") + "\n");
        SecretKeys keys = SecretKeys.ofFile(file);
        assertThat(keys.current()).isEqualTo("b");
        assertThat(keys.ids()).containsExactly("b", "a");
        assertThat(keys).hasToString("Keys b, a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  \n", "# only a remark", "AAAA", "k:AAAA", "k:???secret???", ":AAAA"})
    void keysThatDoNotFitAreRefusedWithoutShowingThem(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretKeys.parse(text))
                .withMessageContaining("id:base64")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("AAAA", "???"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretKeys.parse(key("a") + "," + key("a")))
                .withMessageContaining("twice");
    }

    @Test
    void secretsOfTheEnvironmentNeedTheirPrefix() {
        EnvironmentSecrets secrets = new EnvironmentSecrets("APP_", Map.of("APP_CRM_TOKEN", "t", "HOME", "/root"));
        assertThat(value(secrets, "acme", "crm-token")).contains("t");
        assertThat(value(secrets, "acme", "HOME")).isEmpty();
        assertThatThrownBy(() -> new SecretRef("mail-key").in(secrets, "acme"))
                .hasMessageContaining("set the environment variable APP_MAIL_KEY");
        assertThatIllegalArgumentException().isThrownBy(() -> new EnvironmentSecrets(" "));
    }
}
