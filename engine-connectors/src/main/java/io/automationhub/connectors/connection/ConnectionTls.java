package io.automationhub.connectors.connection;

import io.automationhub.connectors.http.TlsSettings;
import io.automationhub.connectors.secret.SecretRef;
import io.automationhub.engine.error.NonRetriableException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The field {@code tls} of a connection: whom it trusts, and by which certificate it shows itself. */
final class ConnectionTls {

    private final List<X509Certificate> authorities;
    private final List<X509Certificate> chain;
    private final @Nullable SecretRef key;

    private volatile @Nullable Made made;

    /** Kept because calls share connections only with the same settings. */
    private record Made(String key, TlsSettings settings) {}

    ConnectionTls(Fields tls) {
        tls.allow("authorities", "certificate", "key");
        authorities = certificates(tls, "authorities");
        chain = certificates(tls, "certificate");
        if (tls.json().containsKey("certificate") != tls.json().containsKey("key")) {
            throw tls.invalid("certificate", "a client certificate needs its 'key', and the key its certificate");
        }
        key = tls.json().containsKey("key") ? tls.secret("key") : null;
    }

    private static List<X509Certificate> certificates(Fields tls, String name) {
        String text = tls.optionalText(name);
        try {
            return text == null ? List.of() : Pem.certificates(text);
        } catch (GeneralSecurityException e) {
            throw tls.invalid(name, "it must be certificates in PEM, which begin with -----BEGIN CERTIFICATE-----");
        }
    }

    TlsSettings settings(Authentication.Context context) {
        String text = key == null ? "" : context.reveal(key);
        Made known = made;
        if (known == null || !known.key().equals(text)) {
            known = new Made(text, make(text, context.label()));
            made = known;
        }
        return known.settings();
    }

    private TlsSettings make(String text, String label) {
        try {
            return TlsSettings.of(authorities, chain, key == null ? null : Pem.privateKey(text));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The cause may show a part of the key.
            throw new NonRetriableException(
                    SecretRef.KIND_SECRET,
                    "The secret '" + (key == null ? "" : key.name()) + "' of the " + label
                            + " is not the key of its client certificate; it must be " + Pem.FORM,
                    null);
        }
    }
}
