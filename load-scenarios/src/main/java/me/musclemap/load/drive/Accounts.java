package me.musclemap.load.drive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import me.musclemap.load.record.WholeFile;

/**
 * Accounts at a target that has no users of ours: a CSV file with the columns {@code email,password} or {@code email,password,username}.
 * Immutable.
 */
public record Accounts(List<Account> all) {
    /** One account. */
    public record Account(String email, String password, String username) {
        String line() {
            return email + "," + password + "," + username;
        }
    }

    private static final String HEADER = "email,password,username";

    public Accounts {
        all = List.copyOf(all);
    }

    /**
     * Reads the file.
     *
     * @throws GeneratorException with file, line and remedy
     */
    public static Accounts read(Path file) {
        try {
            var accounts = new ArrayList<Account>();
            var seen = new HashSet<String>();
            int number = 0;
            for (var line : Files.readAllLines(file)) {
                number++;
                if (line.isBlank() || line.startsWith("#") || (number == 1 && line.startsWith("email,"))) {
                    continue;
                }
                var account = account(file, number, line);
                if (!seen.add(account.email())) {
                    throw new GeneratorException(file + ": line " + number + ": " + account.email()
                            + " stands there twice: keep one, each user is one account");
                }
                accounts.add(account);
            }
            if (accounts.isEmpty()) {
                throw new GeneratorException(file + ": no account in it: write lines of email,password");
            }
            return new Accounts(accounts);
        } catch (NoSuchFileException e) {
            throw new GeneratorException(file + ": no such file: give lines of email,password");
        } catch (IOException e) {
            throw new GeneratorException(
                    file + ": cannot be read (" + e.getMessage() + "): give lines of email,password");
        }
    }

    private static Account account(Path file, int number, String line) {
        var parts = line.split(",", -1);
        if (parts.length < 2 || parts.length > 3 || !parts[0].contains("@") || parts[1].isBlank()) {
            throw new GeneratorException(
                    file + ": line " + number + ": is no account: write email,password or email,password,username");
        }
        var email = parts[0].strip();
        return new Account(email, parts[1].strip(), parts.length == 3 ? parts[2].strip() : email.replaceAll("@.*", ""));
    }

    /** Writes the file for its owner alone, because it holds passwords; the accounts of before are never lost on the way. */
    public void write(Path file) throws IOException {
        var text = new StringBuilder(HEADER).append('\n');
        all.forEach(account -> text.append(account.line()).append('\n'));
        WholeFile.write(
                file,
                text.toString().getBytes(StandardCharsets.UTF_8),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
