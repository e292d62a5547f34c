package dev.dromedary.sersync;

import dev.dromedary.log.Redaction;

/** Converts {@code <auth>} and {@code <timeout>}: the user, the password and the time limit. */
final class AuthConversion {

    private AuthConversion() {
    }

    static void read(ConfxmlElement head, ConfigDraft draft, ConversionNotes findings) {
        ConfxmlElement rsync = head.first("sersync").first("rsync");
        auth(head, rsync, draft, findings);
        ConfxmlElement timeout = rsync.first("timeout");
        String seconds = timeout.get("time");
        String shown = "time=\"" + seconds + "\"";
        if (!timeout.isOn()) {
            if (timeout.isThere()) {
                findings.notNeeded(timeout, shown, "it is switched off; Dromedary's default is 60s");
            }
        } else if (seconds.matches("0*[1-9][0-9]{0,8}")) {
            draft.set("timeout", seconds.replaceFirst("^0+", "") + "s");
            findings.taken(timeout, shown, "timeout = " + seconds.replaceFirst("^0+", "") + "s");
        } else {
            findings.notTaken(timeout, shown, "it is not a number of seconds above 0; the default is 60s, set timeout to"
                    + " another");
        }
    }

    private static void auth(ConfxmlElement head, ConfxmlElement rsync, ConfigDraft draft, ConversionNotes findings) {
        ConfxmlElement auth = rsync.first("auth");
        String users = auth.get("users");
        String file = auth.get("passwordfile");
        if (!auth.isOn()) {
            if (auth.isThere()) {
                findings.notNeeded(auth, "", "it is switched off");
            }
            return;
        }
        int colon = users.indexOf(':');
        if (colon >= 0) {
            findings.notTaken(auth, "users=\"" + users.substring(0, colon + 1) + Redaction.HIDDEN + '"', "a password does not belong there;"
                    + " write it into a file of mode 0600, and set password-file to it");
        } else if (!users.isEmpty()) {
            findings.taken(auth, "users=\"" + users + "\"", "in the url");
        }
        String shown = "passwordfile=\"" + file + "\"";
        if (file.isEmpty()) {
            return;
        }
        if (rsync.first("ssh").isOn()) {
            findings.notNeeded(auth, shown, "with ssh there is no daemon that asks for it; ssh needs a key,"
                    + " ssh-options = -i FILE if it is not the user's own");
        } else if (PropertiesEscaping.problem(file) != null || !file.startsWith("/") && !head.first("sersync").first("localpath")
                .get("watch").startsWith("/")) {
            findings.notTaken(auth, shown, "it is not an absolute path that a configuration can hold; set password-file");
        } else {
            // sersync starts rsync in the watched folder
            String absolute = file.startsWith("/") ? file : head.first("sersync").first("localpath").get("watch")
                    .replaceAll("/+$", "") + "/" + file;
            draft.set("password-file", absolute);
            findings.taken(auth, shown, "password-file = " + absolute + "; it has to be of mode 0600");
        }
    }
}
