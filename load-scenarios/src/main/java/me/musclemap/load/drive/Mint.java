package me.musclemap.load.drive;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.text.ParseException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes access tokens for users of the data set who are in session without having logged in, marked {@code "minted": true}, when their
 * first request is due: a user who is not due in the run costs nothing. Signing belongs to one thread, the count to all.
 */
final class Mint {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final ECKey key;
    private final Signature signature;
    private final String header;
    private final long datasetSeed;
    private final long lifeSeconds;
    private final AtomicLong minted = new AtomicLong();

    private Mint(ECKey key, long datasetSeed, long lifeSeconds) throws JOSEException, GeneralSecurityException {
        this.key = key;
        var provider = fastProvider();
        signature = provider.isPresent()
                ? Signature.getInstance("SHA256withECDSAinP1363Format", provider.get())
                : Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key.toECPrivateKey());
        this.datasetSeed = datasetSeed;
        this.lifeSeconds = lifeSeconds;
        var kid = key.getKeyID() == null ? "" : ",\"kid\":\"" + key.getKeyID() + "\"";
        this.header = encoded("{\"alg\":\"ES256\",\"typ\":\"JWT\"" + kid + "}");
    }

    static Mint from(Path file, long datasetSeed, long lifeSeconds) {
        try {
            return new Mint(ECKey.parse(Files.readString(file)), datasetSeed, lifeSeconds);
        } catch (IOException e) {
            throw new GeneratorException(file + ": the signing key cannot be read: give the file that the API uses", e);
        } catch (ParseException | JOSEException | GeneralSecurityException e) {
            throw new GeneratorException(file + ": is no ES256 key in JWK form: make one with 'signing-key'", e);
        }
    }

    /** Amazon's provider signs about ten times faster than the JDK's where it runs; elsewhere the JDK's serves. */
    private static Optional<Provider> fastProvider() {
        var amazon = AmazonCorrettoCryptoProvider.INSTANCE;
        return amazon.getLoadingError() == null ? Optional.of(amazon) : Optional.empty();
    }

    /** A token of user {@code number}, good from {@code nowEpochMillis} for as long as the settings say. */
    String token(int number, long nowEpochMillis) {
        var now = nowEpochMillis / 1000;
        var claims =
                "{\"sub\":\"" + new SeededUser(datasetSeed, number).id() + "\",\"iss\":\"headroom-reference\",\"iat\":"
                        + now + ",\"exp\":" + (now + lifeSeconds) + ",\"minted\":true}";
        var signed = header + "." + encoded(claims);
        try {
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            minted.incrementAndGet();
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new GeneratorException("cannot sign a token with key " + key.getKeyID(), e);
        }
    }

    long lifeMillis() {
        return lifeSeconds * 1000;
    }

    long minted() {
        return minted.get();
    }

    private static String encoded(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
