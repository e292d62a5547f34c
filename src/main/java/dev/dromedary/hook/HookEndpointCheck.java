package dev.dromedary.hook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.MirrorKey;
import dev.dromedary.config.Settings;
import org.apache.camel.CamelContext;

/** Checks the Camel endpoints of hooks and notifications before anything starts. */
public final class HookEndpointCheck {

    private static final String COMPONENTS = "META-INF/services/org/apache/camel/component/";
    private static final String EXEC = "exec";

    private HookEndpointCheck() {
    }

    /**
     * {@return a fault for each endpoint of {@code before}, {@code after}, {@code on-failure} and {@code arrived-everywhere} whose
     * component does not exist}
     */
    public static List<ConfigFault> faults(CamelContext context, Settings settings) {
        return all(settings).filter(named -> !NotificationFormatter.isAddress(named.uri) && !isKnown(context, named.component())).map(named -> new ConfigFault(named.key, named.uri,
                "there is no component " + named.component() + " of Camel in this program",
                "add its jar as docs/recipes/README.md says, or take one that is there, such as exec:, file: or log:")).toList();
    }

    /** {@return a fault for each program that does not exist} It may be installed while the mirror runs, so a start only reports it. */
    public static List<ConfigFault> missingPrograms(Settings settings) {
        return all(settings).filter(named -> !isThere(named.program())).map(named -> {
            String program = named.program();
            return named.uri.startsWith(NotificationFormatter.MAIL) ? new ConfigFault("mirror." + named.key.split("\\.")[1] + ".notify", named.uri,
                    "there is no program sendmail to send a mail by", "install one that has it, such as msmtp-mta or postfix")
                    : new ConfigFault(named.key, named.uri, "there is no program " + program + " that may be run", program.indexOf(' ') > 0
                    ? "arguments are given by ?args=RAW(...), as in exec:" + program.replaceFirst(" (.*)", "?args=RAW($1)")
                    : "name one that is there, by its absolute path, and chmod +x it");
        }).toList();
    }

    /** An endpoint and the key that names it; an endpoint of all targets of a mirror occurs once. */
    private record Named(String key, String uri) {

        String component() {
            return uri.substring(0, uri.indexOf(':'));
        }

        // null if no program is run
        String program() {
            return uri.startsWith(NotificationFormatter.MAIL) ? "sendmail" : !component().equals(EXEC) ? null
                    : uri.substring(EXEC.length() + 1).replaceFirst("^//", "").replaceFirst("\\?.*", "");
        }
    }

    private static Stream<Named> all(Settings settings) {
        return settings.mirrors().stream().flatMap(mirror -> Stream.concat(mirror.targets().stream().flatMap(target -> Stream.of(
                named(mirror, "before", target.before()), named(mirror, "after", target.after()), named(mirror, "on-failure", target.onFailure()))),
                Stream.of(named(mirror, MirrorKey.ARRIVED_EVERYWHERE.key(), mirror.arrivedEverywhere()))))
                .filter(named -> named.uri != null).distinct();
    }

    private static Named named(Mirror mirror, String option, String uri) {
        return new Named("mirror." + mirror.name() + '.' + option, uri);
    }

    private static boolean isKnown(CamelContext context, String component) {
        return context.getClassResolver().loadResourceAsURL(COMPONENTS + component) != null || context.hasComponent(component) != null
                || context.getRegistry().lookupByName(component) != null;
    }

    private static boolean isThere(String program) {
        if (program == null) {
            return true;
        }
        return program.indexOf('/') >= 0 ? Files.isExecutable(Path.of(program))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).filter(folder -> !folder.isEmpty())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }
}
