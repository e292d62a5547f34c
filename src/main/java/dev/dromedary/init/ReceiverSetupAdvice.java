package dev.dromedary.init;

import java.nio.file.Path;
import java.util.List;

import dev.dromedary.config.TargetUrl;

/** Describes what has to be set up on the machine of a target. */
final class ReceiverSetupAdvice {

    private ReceiverSetupAdvice() {
    }

    /** {@return the advice, in lines; none for a local target} */
    static List<String> lines(TargetUrl url) {
        return switch (url.kind()) {
            case DAEMON -> daemon(url);
            case SSH -> List.of("On " + url.host() + ", in ~" + (url.user() == null ? "" : url.user()) + "/.ssh/authorized_keys, the key of this"
                    + " machine, which then may write to that folder alone:",
                    "    command=\"rrsync -wo -no-lock " + url.path() + "\",restrict ssh-ed25519 AAAA... dromedary",
                    "  The key is made by: ssh-keygen -t ed25519 -N '' -f config/id_ed25519, and named by ssh-options = -i config/id_ed25519."
                            + " With rrsync the target is " + (url.user() == null ? "" : url.user() + "@") + url.host() + ":/ and"
                            + " rsync-options = --modify-window=0");
            case LOCAL, TOPIC -> List.of();
        };
    }

    private static List<String> daemon(TargetUrl url) {
        Path module = Path.of(url.path());
        String name = module.getName(0).toString();
        String user = url.user() == null ? "" : "\n        auth users     = " + url.user() + "\n        secrets file   = /etc/rsyncd.secrets";
        return ("On " + url.host() + ", in /etc/rsyncd.conf:\n        [" + name + "]\n        path           = /srv/" + name
                + "\n        read only      = no\n        use chroot     = yes\n        socket options = TCP_NODELAY\n        hosts allow    = "
                + "THIS-MACHINE" + user).lines().toList();
    }
}
