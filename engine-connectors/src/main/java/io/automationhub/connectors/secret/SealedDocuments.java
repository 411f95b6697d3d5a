package io.automationhub.connectors.secret;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.DocumentQuery;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.value.JsonObject;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Texts in a document store that nobody can read there: each is encrypted as a JWE in compact form (<a
 * href="https://www.rfc-editor.org/rfc/rfc7516">RFC 7516</a>, {@code dir} with {@code A256GCM}) under a key whose id stands in its
 * header. The header also names the tenant and the text, so that one cannot be put in the place of another. Safe for use by
 * several threads.
 */
public final class SealedDocuments {

    private static final String CIPHER = "jwe";
    private static final String KEY_FIELD = "key";
    private static final int PAGE = 100;

    private final DocumentStore documents;
    private final SecretKeys keys;
    private final String collection;
    private final String what;

    /**
     * Texts in this store under these keys.
     *
     * @param collection in which they are
     * @param what one of them is, for errors: {@code secret}
     */
    public SealedDocuments(DocumentStore documents, SecretKeys keys, String collection, String what) {
        this.documents = documents;
        this.keys = keys;
        this.collection = collection;
        this.what = what;
    }

    /** A text and the version that it has, as a document has it. */
    public record Opened(long version, String text) {

        /** Without the text. */
        @Override
        public String toString() {
            return "Opened[version=" + version + "]";
        }
    }

    /**
     * A text; empty if there is none of that name.
     *
     * @throws NonRetriableException kind {@value SecretRef#KIND_SECRET}, if its key is not here, or it was altered
     */
    public Optional<Opened> find(String tenant, String name) {
        return documents
                .find(collection, tenant, name)
                .map(found -> new Opened(found.version(), decrypted(tenant, found)));
    }

    /**
     * Keeps a text if the one of its name still has the version that is expected.
     *
     * @param expected the version that is to be replaced; {@link DocumentStore#ABSENT} if there is to be none
     * @return whether it had
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public boolean put(String tenant, String name, long expected, String text) {
        JsonObject body = JsonObject.of(CIPHER, encrypted(tenant, name, text));
        try {
            Document unused =
                    documents.put(collection, tenant, name, expected, body, Map.of(KEY_FIELD, keys.current()));
            return true;
        } catch (VersionMismatchException e) {
            return false;
        }
    }

    /** Forgets a text if it still has the version that is expected. True if it had. */
    public boolean delete(String tenant, String name, long expected) {
        try {
            documents.delete(collection, tenant, name, expected);
            return true;
        } catch (VersionMismatchException e) {
            return false;
        }
    }

    /** The version of a text, which need not be readable for that; {@link DocumentStore#ABSENT} if there is none. */
    public long version(String tenant, String name) {
        return documents.find(collection, tenant, name).map(Document::version).orElse(DocumentStore.ABSENT);
    }

    /** The names of a tenant's texts, in the order of the store. */
    public List<String> names(String tenant) {
        return all(tenant).stream().map(Document::id).toList();
    }

    /**
     * Encrypts under the current key what is under another. Texts can be read and changed meanwhile.
     *
     * @return how many it encrypted anew
     * @throws NonRetriableException kind {@value SecretRef#KIND_SECRET}, if the key of one is not here, or it was altered
     */
    public int rotate(String tenant) {
        int rotated = 0;
        for (Document each : all(tenant)) {
            // Whoever changed it meanwhile has used the current key, or will be found by the next call.
            if (!keys.current().equals(each.fields().get(KEY_FIELD))
                    && put(tenant, each.id(), each.version(), decrypted(tenant, each))) {
                rotated++;
            }
        }
        return rotated;
    }

    private List<Document> all(String tenant) {
        List<Document> all = new ArrayList<>();
        String after = null;
        do {
            Page<Document> page =
                    documents.list(DocumentQuery.of(collection, tenant, PAGE).after(after));
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    // ---------------------------------------------------------------- encryption

    private String encrypted(String tenant, String name, String value) {
        JWEHeader header = new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                .keyID(keys.current())
                .customParam("tenant", tenant)
                .customParam("name", name)
                .build();
        JWEObject jwe = new JWEObject(header, new Payload(value));
        try {
            jwe.encrypt(new DirectEncrypter(key(name, keys.current())));
        } catch (JOSEException e) {
            throw unreadable(name, "it cannot be encrypted", e);
        }
        return jwe.serialize();
    }

    private String decrypted(String tenant, Document document) {
        String name = document.id();
        JWEObject jwe = parsed(document);
        JWEHeader header = jwe.getHeader();
        SecretKey key = key(name, String.valueOf(header.getKeyID()));
        try {
            jwe.decrypt(new DirectDecrypter(key));
        } catch (JOSEException e) {
            throw altered(name, e);
        }
        if (!tenant.equals(header.getCustomParam("tenant")) || !name.equals(header.getCustomParam("name"))) {
            throw unreadable(name, "it is another " + what + ", which was put in its place; write it again", null);
        }
        return jwe.getPayload().toString();
    }

    private JWEObject parsed(Document document) {
        try {
            return JWEObject.parse(String.valueOf(document.body().get(CIPHER)));
        } catch (ParseException | RuntimeException e) {
            // The library meets a header that lacks something with an exception of any kind.
            throw altered(document.id(), e);
        }
    }

    private NonRetriableException altered(String name, Exception cause) {
        return unreadable(
                name,
                "it was altered, or its key has the same id and other bytes; give the right key, or write it again",
                cause);
    }

    private SecretKey key(String name, String id) {
        return keys.key(id)
                .orElseThrow(() -> unreadable(
                        name,
                        "it is under the key '" + id + "', and given are " + String.join(", ", keys.ids())
                                + "; add that key behind the current one",
                        null));
    }

    private NonRetriableException unreadable(String name, String why, @Nullable Exception cause) {
        return new NonRetriableException(
                SecretRef.KIND_SECRET, "Cannot read the " + what + " '" + name + "': " + why, cause);
    }
}
