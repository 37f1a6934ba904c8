package me.musclemap.api.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import me.musclemap.api.Problem;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * What the server shows to prove who it is, from the two files that certificate tools write. With it only TLS 1.3 is spoken.
 *
 * @param chain PEM with the server's certificate first
 * @param key PEM with its private key, PKCS 8 and not encrypted
 */
public record Certificate(Path chain, Path key) {
    public Certificate {
        try {
            var unusedChain = certificates(chain);
            var unusedKey = privateKey(key);
        } catch (GeneralSecurityException | IOException e) {
            throw Problem.failed("--tls-certificate=" + chain + " --tls-key=" + key, e);
        }
    }

    private static final String NO_PASSWORD = "";

    SslContextFactory.Server factory() {
        var factory = new SslContextFactory.Server();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD.toCharArray());
            store.setKeyEntry("server", privateKey(key), NO_PASSWORD.toCharArray(), certificates(chain));
            factory.setKeyStore(store);
            factory.setKeyStorePassword(NO_PASSWORD);
        } catch (GeneralSecurityException | IOException e) {
            throw Problem.failed("--tls-certificate=" + chain + " --tls-key=" + key, e);
        }
        factory.setIncludeProtocols("TLSv1.3");
        factory.setSniRequired(false);
        return factory;
    }

    private static java.security.cert.Certificate[] certificates(Path chain)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(chain)) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw Problem.usage("--tls-certificate=" + chain + ": it holds no certificate; give a PEM file");
            }
            return certificates.toArray(java.security.cert.Certificate[]::new);
        }
    }

    private static PrivateKey privateKey(Path key) throws IOException, GeneralSecurityException {
        String text = Files.readString(key);
        String begin = "-----BEGIN PRIVATE KEY-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END PRIVATE KEY-----");
        if (from < 0 || to < from) {
            throw Problem.usage(
                    "--tls-key=" + key + ": it holds no PRIVATE KEY; give a PEM file in PKCS 8, not encrypted");
        }
        byte[] bytes = Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        return List.of("EC", "RSA", "Ed25519").stream()
                .flatMap(algorithm -> key(algorithm, bytes).stream())
                .findFirst()
                .orElseThrow(() ->
                        Problem.usage("--tls-key=" + key + ": it is neither an EC nor an RSA nor an Ed25519 key"));
    }

    /** The key, if it is of this kind. */
    private static Optional<PrivateKey> key(String algorithm, byte[] bytes) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
