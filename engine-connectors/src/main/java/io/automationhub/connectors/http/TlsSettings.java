package io.automationhub.connectors.http;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whom a call trusts and by which certificate it shows itself, where that is not as usual. Connections are shared by calls with
 * the same object, so keep it. Immutable.
 */
public final class TlsSettings {

    private static final char[] NO_PASSWORD = {};

    private final SSLSocketFactory sockets;
    private final X509TrustManager trust;

    private TlsSettings(SSLSocketFactory sockets, X509TrustManager trust) {
        this.sockets = sockets;
        this.trust = trust;
    }

    /**
     * Settings with other authorities, a client certificate, or both.
     *
     * @param authorities whose certificates are trusted, instead of those that the JVM trusts; empty for the JVM's
     * @param chain the client's certificate, followed by those up to an authority that the server knows; empty for none
     * @param key of the client's certificate; null for none
     * @throws IllegalArgumentException if they do not fit each other
     */
    public static TlsSettings of(
            List<X509Certificate> authorities, List<X509Certificate> chain, @Nullable PrivateKey key) {
        if (chain.isEmpty() != (key == null)) {
            throw new IllegalArgumentException("A client certificate needs its key, and the key its certificate");
        }
        try {
            X509TrustManager trust = trust(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(chain, key), new TrustManager[] {trust}, null);
            return new TlsSettings(context.getSocketFactory(), trust);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("The certificates and the key cannot be used: " + e.getMessage(), e);
        }
    }

    private static X509TrustManager trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore store = null;
        if (!authorities.isEmpty()) {
            store = emptyStore();
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
        }
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    private static KeyManager @Nullable [] keys(List<X509Certificate> chain, @Nullable PrivateKey key)
            throws GeneralSecurityException, IOException {
        if (key == null) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(new X509Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    SSLSocketFactory sockets() {
        return sockets;
    }

    X509TrustManager trust() {
        return trust;
    }
}
