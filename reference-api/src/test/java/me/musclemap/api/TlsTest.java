package me.musclemap.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import me.musclemap.api.http.Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedStack.class)
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final TestStack stack;

    TlsTest(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void withACertificateItSpeaksTls13AndNothingOlder(@TempDir Path directory) throws Exception {
        KeyStore store = selfSigned(directory);
        Certificate certificate = pem(store, directory);
        try (var instance = stack.another(certificate)) {
            int port = instance.url("/").getPort();
            try (SSLSocket socket = connect(store, port, "TLSv1.3", "TLSv1.2")) {
                assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
                socket.getOutputStream()
                        .write("GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] answer = socket.getInputStream().readNBytes(12);
                assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            }
            assertThatThrownBy(() -> connect(store, port, "TLSv1.2")).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void aKeyThatIsNoneSaysWhatToGive(@TempDir Path directory) throws Exception {
        Certificate good = pem(selfSigned(directory), directory);
        Path wrong = Files.writeString(directory.resolve("wrong.pem"), "no key");
        assertThatThrownBy(() -> new Certificate(good.chain(), wrong))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("--tls-key=" + wrong)
                .hasMessageContaining("PKCS 8");
    }

    private static KeyStore selfSigned(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = directory.resolve("server.p12");
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static Certificate pem(KeyStore store, Path directory) throws IOException, GeneralSecurityException {
        Path chain = directory.resolve("chain.pem");
        Path key = directory.resolve("key.pem");
        Files.writeString(
                chain, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
        Files.writeString(
                key, pem("PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded()));
        return new Certificate(chain, key);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }

    private static SSLSocket connect(KeyStore trusted, int port, String... protocols)
            throws IOException, GeneralSecurityException {
        var anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("server", trusted.getCertificate("server"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        try {
            socket.setEnabledProtocols(protocols);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
