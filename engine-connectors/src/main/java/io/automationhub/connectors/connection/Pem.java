package io.automationhub.connectors.connection;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads keys and certificates in PEM (<a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>). */
final class Pem {

    /** What to do with a key in another form. */
    static final String FORM =
            "a private key in PEM that begins with -----BEGIN PRIVATE KEY----- (openssl pkcs8 -topk8 -nocrypt"
                    + " makes one of other forms)";

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private static final List<String> TYPES = List.of("RSA", "EC", "Ed25519");

    private Pem() {}

    /**
     * A private key of one type.
     *
     * @throws GeneralSecurityException if there is none; what is thrown may show a part of the text
     */
    static PrivateKey privateKey(String type, String text) throws GeneralSecurityException {
        Matcher found = KEY.matcher(text);
        if (!found.find()) {
            throw new GeneralSecurityException("There is no private key in PEM");
        }
        byte[] bytes = Base64.getMimeDecoder().decode(found.group(1));
        return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }

    /** A private key of whatever type it is. */
    static PrivateKey privateKey(String text) throws GeneralSecurityException {
        GeneralSecurityException last = new GeneralSecurityException("There is no private key in PEM");
        for (String type : TYPES) {
            try {
                return privateKey(type, text);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    /**
     * The certificates in a text, in their order.
     *
     * @throws GeneralSecurityException if there are none
     */
    static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Certificate each : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            certificates.add((X509Certificate) each);
        }
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("There is no certificate in PEM");
        }
        return certificates;
    }
}
