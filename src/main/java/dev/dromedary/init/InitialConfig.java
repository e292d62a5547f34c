package dev.dromedary.init;

import java.nio.file.Path;
import java.util.List;

import dev.dromedary.config.TargetUrl;

/**
 * The content of a first configuration.
 *
 * @param mirror  the mirror's name
 * @param source  the folder, absolute
 * @param targets at least one
 */
record InitialConfig(String mirror, Path source, List<Place> targets) {

    /**
     * A target.
     *
     * @param name         unique in the mirror
     * @param url          its location
     * @param passwordFile for the user at an rsync daemon; {@code null} if there is none
     */
    record Place(String name, TargetUrl url, Path passwordFile) {
    }

    InitialConfig {
        targets = List.copyOf(targets);
    }

    /** {@return the lines of the configuration} */
    List<String> lines() {
        StringBuilder text = new StringBuilder("# Every key: docs/configuration.md. Would it work: dromedary check\n");
        String key = "mirror." + mirror;
        text.append(key).append(".source = ").append(value(source.toString())).append('\n');
        for (Place target : targets) {
            String own = key + ".target." + target.name;
            text.append(own).append(".url = ").append(value(target.url.text())).append('\n');
            if (target.passwordFile != null) {
                text.append(own).append(".password-file = ").append(value(target.passwordFile.toString())).append('\n');
            }
        }
        return text.toString().lines().toList();
    }

    // a backslash starts an escape in a properties file (java.util.Properties)
    private static String value(String text) {
        return text.replace("\\", "\\\\");
    }
}
