package me.musclemap.load.lab;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import me.musclemap.load.drive.Accounts;
import me.musclemap.load.drive.GeneratorException;

/** Who the users of a run at a target are: accounts that were given, or that are created for it and tidied up after it. */
final class RunAccounts {
    private final RunSetup setup;
    private final Progress progress;

    RunAccounts(RunSetup setup, Progress progress) {
        this.setup = setup;
        this.progress = progress;
    }

    /** Those in a file that a person named, who mends what is wrong with it. */
    static Accounts given(Path file) {
        try {
            return Accounts.read(file);
        } catch (GeneratorException e) {
            throw LabException.wrongArguments("--accounts=" + e.getMessage());
        }
    }

    /** Refuses a file with fewer than there are users. */
    static void requireEnough(Path file, long users) {
        int there = given(file).all().size();
        if (there < users) {
            throw LabException.wrongArguments("--accounts=" + file + ": it has " + there + " accounts, and " + users
                    + " users are asked for: add accounts, or use --users " + there + " or less");
        }
    }

    /** Creates what was not given: no target is thought to have users of ours. */
    void prepare(URI target) {
        if (setup.asked().accounts() == null) {
            at(target).create((int) setup.options().users(), setup.id(), setup.accountsFile());
        }
    }

    /** Whatever the run ended with. */
    void cleanUp() {
        var target = setup.options().target();
        if (target != null && Files.isRegularFile(setup.accountsFile())) {
            at(target)
                    .cleanUp(
                            Accounts.read(setup.accountsFile()),
                            setup.asked().accounts() == null,
                            setup.accountsFile());
        }
    }

    private TargetAccounts at(URI target) {
        return new TargetAccounts(target, setup.asked().varyClientAddress(), progress::note);
    }
}
