package me.musclemap.load.lab;

import java.net.URI;
import java.nio.file.Files;
import me.musclemap.load.drive.Accounts;

/** Who the users of a run at a target are: accounts that were given, or that are created for it and tidied up after it. */
final class RunAccounts {
    private final RunSetup setup;
    private final Progress progress;

    RunAccounts(RunSetup setup, Progress progress) {
        this.setup = setup;
        this.progress = progress;
    }

    /** Given ones are checked, others are created: no target is thought to have users of ours. */
    void prepare(URI target) {
        var given = setup.asked().accounts();
        long users = setup.options().users();
        if (given == null) {
            at(target).create((int) users, setup.id(), setup.accountsFile());
            return;
        }
        int there = Accounts.read(given).all().size();
        if (there < users) {
            throw LabException.wrongArguments("--accounts=" + given + ": it has " + there + " accounts, and " + users
                    + " users are asked for: add accounts, or use --users " + there + " or less");
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
