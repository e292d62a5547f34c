package dev.dromedary.check;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.config.Mirror;
import dev.dromedary.config.MirrorKey;
import dev.dromedary.config.Settings;
import dev.dromedary.hosts.HostLookup;

/** Checks the host lists, for targets that come and go. */
final class HostListCheck {

    private HostListCheck() {
    }

    static List<CheckFinding> look(Settings settings) throws InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        for (Mirror mirror : settings.mirrors()) {
            if (mirror.hosts() == null) {
                continue;
            }
            String what = "mirror." + mirror.name() + '.' + MirrorKey.TARGETS_FROM.key();
            try {
                int hosts = HostLookup.ask(mirror.hosts().source()).size();
                findings.add(CheckFinding.ok(what, mirror.hosts().source().text() + " names " + hosts + (hosts == 1 ? " host" : " hosts")));
            } catch (IOException e) {
                findings.add(CheckFinding.wrong(what, mirror.hosts().source().text() + " does not say which hosts there are: " + e.getMessage(),
                        "until it does, only the hosts that are known from before are mirrored to"));
            }
        }
        return findings;
    }
}
