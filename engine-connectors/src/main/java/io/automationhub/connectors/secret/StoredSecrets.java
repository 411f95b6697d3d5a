package io.automationhub.connectors.secret;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import io.automationhub.engine.error.EngineException;
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
 * Secrets in a document store, each encrypted as a JWE in compact form (<a href="https://www.rfc-editor.org/rfc/rfc7516">RFC
 * 7516</a>, {@code dir} with {@code A256GCM}) under a key whose id stands in its header. The header also names the tenant and
 * the secret, so that one cannot be put in the place of another.
 *
 * <p>To change the key while processes run: give all of them the new key behind the old one, then all of them the new key
 * before the old one, call {@link #rotate} for each tenant, and take the old key away when nothing is left under it.
 */
public final class StoredSecrets implements SecretStore {

    /** The collection in which they are. */
    public static final String COLLECTION = "secrets";

    private static final String CIPHER = "jwe";
    private static final String KEY_FIELD = "key";
    private static final int PAGE = 100;
    private static final int TRIES = 20;

    private final DocumentStore documents;
    private final SecretKeys keys;

    /** Secrets in this store under these keys. */
    public StoredSecrets(DocumentStore documents, SecretKeys keys) {
        this.documents = documents;
        this.keys = keys;
    }

    /**
     * A secret; empty if there is none of that name.
     *
     * @throws NonRetriableException kind {@value SecretRef#KIND_SECRET}, if its key is not here, or it was altered
     */
    @Override
    public Optional<Secret> find(String tenant, String name) {
        return documents.find(COLLECTION, tenant, name).map(found -> Secret.of(decrypted(tenant, found)));
    }

    /**
     * Keeps a secret, in the place of the one of the same name.
     *
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public void put(String tenant, String name, String value) {
        for (int i = 0; i < TRIES; i++) {
            long version = documents
                    .find(COLLECTION, tenant, name)
                    .map(Document::version)
                    .orElse(DocumentStore.ABSENT);
            if (write(tenant, name, version, value)) {
                return;
            }
        }
        throw new EngineException("Cannot keep the secret '" + name + "': others change it all the time; try again");
    }

    /** Forgets a secret. True if it was there. */
    public boolean delete(String tenant, String name) {
        for (int i = 0; i < TRIES; i++) {
            Optional<Document> found = documents.find(COLLECTION, tenant, name);
            if (found.isEmpty()) {
                return false;
            }
            if (deleted(tenant, found.get())) {
                return true;
            }
        }
        throw new EngineException("Cannot delete the secret '" + name + "': others change it all the time; try again");
    }

    private boolean deleted(String tenant, Document document) {
        try {
            documents.delete(COLLECTION, tenant, document.id(), document.version());
            return true;
        } catch (VersionMismatchException e) {
            return false;
        }
    }

    /** The names of a tenant's secrets, in the order of the store. */
    public List<String> names(String tenant) {
        List<String> names = new ArrayList<>();
        for (Document each : all(DocumentQuery.of(COLLECTION, tenant, PAGE))) {
            names.add(each.id());
        }
        return names;
    }

    /**
     * Encrypts under the current key what is under another. Secrets can be read and changed meanwhile.
     *
     * @return how many it encrypted anew
     * @throws NonRetriableException kind {@value SecretRef#KIND_SECRET}, if the key of one is not here, or it was altered
     */
    public int rotate(String tenant) {
        int rotated = 0;
        for (Document each : all(DocumentQuery.of(COLLECTION, tenant, PAGE))) {
            // Whoever changed it meanwhile has used the current key, or will be found by the next call.
            if (!keys.current().equals(each.fields().get(KEY_FIELD))
                    && write(tenant, each.id(), each.version(), decrypted(tenant, each))) {
                rotated++;
            }
        }
        return rotated;
    }

    private List<Document> all(DocumentQuery first) {
        List<Document> all = new ArrayList<>();
        String after = null;
        do {
            Page<Document> page = documents.list(first.after(after));
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    private boolean write(String tenant, String name, long version, String value) {
        JsonObject body = JsonObject.of(CIPHER, encrypted(tenant, name, value));
        try {
            documents.put(COLLECTION, tenant, name, version, body, Map.of(KEY_FIELD, keys.current()));
            return true;
        } catch (VersionMismatchException e) {
            return false;
        }
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
            throw unreadable(name, "it is another secret, which was put in its place; write it again", null);
        }
        return jwe.getPayload().toString();
    }

    private static JWEObject parsed(Document document) {
        try {
            return JWEObject.parse(String.valueOf(document.body().get(CIPHER)));
        } catch (ParseException | RuntimeException e) {
            // The library meets a header that lacks something with an exception of any kind.
            throw altered(document.id(), e);
        }
    }

    private static NonRetriableException altered(String name, Exception cause) {
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

    private static NonRetriableException unreadable(String name, String why, @Nullable Exception cause) {
        return new NonRetriableException(SecretRef.KIND_SECRET, "Cannot read the secret '" + name + "': " + why, cause);
    }
}
