package me.musclemap.api.accounts;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Provider;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import me.musclemap.api.Problem;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens: JWT, signed with ES256, good for 15 minutes. Safe for use by many threads.
 *
 * <p>Checking a signature is done with Amazon's Corretto provider where it loads, else Bouncy Castle: the JDK's own costs
 * several times as much. Tokens that were found good are remembered until they expire.
 */
public final class AccessTokens {
    /** How long a token is good. */
    public static final Duration LIFE = Duration.ofMinutes(15);

    private static final String ISSUER = "headroom-reference";
    private static final int REMEMBERED_MAX = 20_000;
    private static final int TOKEN_CHARS_MAX = 2_048;

    private final ECDSASigner signer;
    private final ECDSAVerifier verifier;
    private final Clock clock;
    private final Cache<String, Verified> verified;

    private record Verified(Viewer viewer, Instant expires) {}

    /** Signs and checks with {@code key}; {@code clock} is real time, because other parties mint tokens too. */
    public AccessTokens(ECKey key, Clock clock) {
        this.clock = clock;
        Provider provider = provider();
        try {
            signer = new ECDSASigner(key);
            signer.getJCAContext().setProvider(provider);
            verifier = new ECDSAVerifier(key.toPublicJWK());
            verifier.getJCAContext().setProvider(provider);
        } catch (JOSEException e) {
            throw Problem.usage("the signing key is not an ES256 private key: make one with signing-key FILE");
        }
        verified = Caffeine.newBuilder()
                .maximumSize(REMEMBERED_MAX)
                .expireAfter(untilTheyExpire(clock))
                .build();
    }

    private static Expiry<String, Verified> untilTheyExpire(Clock clock) {
        return Expiry.creating((token, known) -> Duration.between(clock.instant(), known.expires()));
    }

    private static Provider provider() {
        var corretto = AmazonCorrettoCryptoProvider.INSTANCE;
        return corretto.getLoadingError() == null ? corretto : new BouncyCastleProvider();
    }

    /** Writes a fresh key to {@code file} as a JWK that only its owner may read. */
    public static void writeNewKey(Path file) {
        try {
            var key = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
            Path absolute = file.toAbsolutePath();
            Path temporary = Files.createTempFile(
                    absolute.getParent(),
                    "." + absolute.getFileName(),
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(temporary, key.toJSONString() + "\n");
                Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw Problem.failed("cannot write the signing key to " + file, e);
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK makes P-256 keys", e);
        }
    }

    /** Reads a key that {@link #writeNewKey} wrote. */
    public static ECKey readKey(Path file) {
        try {
            return ECKey.parse(Files.readString(file));
        } catch (IOException e) {
            throw Problem.failed("--signing-key=" + file + " (make one with signing-key FILE)", e);
        } catch (ParseException | IllegalStateException e) {
            throw Problem.usage(
                    "--signing-key=" + file + ": it holds no JWK of an EC key; make one with signing-key FILE");
        }
    }

    /** A token of the user {@code id}, who has this e-mail address. */
    public String issue(String id, String email, List<String> roles) {
        Instant now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .subject(id)
                .issuer(ISSUER)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFE)))
                .claim("email", email)
                .claim("roles", roles)
                .build();
        var token = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("the key cannot sign", e);
        }
        return token.serialize();
    }

    /** Whose token this is; nobody's when it is not a good one. */
    public Viewer viewer(@Nullable String token) {
        if (token == null || token.isEmpty() || token.length() > TOKEN_CHARS_MAX) {
            return Viewer.ANONYMOUS;
        }
        Verified known = verified.getIfPresent(token);
        if (known != null && known.expires().isAfter(clock.instant())) {
            return known.viewer();
        }
        return verify(token)
                .map(fresh -> {
                    verified.put(token, fresh);
                    return fresh.viewer();
                })
                .orElse(Viewer.ANONYMOUS);
    }

    private static boolean isPremium(JWTClaimsSet claims) {
        return claims.getClaim("roles") instanceof List<?> roles && roles.contains("premium");
    }

    private Optional<Verified> verify(String text) {
        try {
            var token = SignedJWT.parse(text);
            if (!JWSAlgorithm.ES256.equals(token.getHeader().getAlgorithm()) || !token.verify(verifier)) {
                return Optional.empty();
            }
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            boolean good = expires != null
                    && expires.toInstant().isAfter(clock.instant())
                    && ISSUER.equals(claims.getIssuer())
                    && claims.getSubject() != null;
            return good
                    ? Optional.of(new Verified(Viewer.of(claims.getSubject(), isPremium(claims)), expires.toInstant()))
                    : Optional.empty();
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return Optional.empty(); // malformed: as if it were not there
        }
    }
}
