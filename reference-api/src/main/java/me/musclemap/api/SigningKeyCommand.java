package me.musclemap.api;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import me.musclemap.api.accounts.AccessTokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a fresh key. */
@Command(
        name = "signing-key",
        mixinStandardHelpOptions = true,
        description = "Write a fresh ES256 private key to FILE, as a JWK that only its owner may read.")
final class SigningKeyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The file to write.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        AccessTokens.writeNewKey(file);
        return 0;
    }
}
