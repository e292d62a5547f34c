package dev.dromedary.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigFault;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.config.SecretFileCheck;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks in Camel's keys who can reach its HTTP servers: {@code camel.server} and, if it has a port of its own, {@code camel.management}.
 * Camel knows each key in two spellings, {@code authenticationPath} and {@code authentication-path}.
 */
public final class HttpExposureCheck {

    private static final Logger LOG = LoggerFactory.getLogger(HttpExposureCheck.class);
    private static final String EVERYTHING = "/*";

    private final CamelContext context;
    private final List<ConfigFault> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private HttpExposureCheck(CamelContext context) {
        this.context = context;
        Server main = new Server("camel.server");
        Server management = new Server("camel.management");
        if (main.is("enabled")) {
            main.check();
        }
        // at the same port, there is only one server
        if (management.is("enabled") && !(main.is("enabled") && management.get("port", "").equals(main.get("port", "")))) {
            management.check();
        }
    }

    /**
     * Checks all of it, and logs what stays open to all users of this machine although credentials are required.
     *
     * @throws ConfigurationException if other machines would get access without credentials, nobody would get access,
     *                                tokens would be accepted, or the password file is not secret
     */
    public static void check(CamelContext context) throws ConfigurationException {
        List<String> warnings = checked(context).warnings;
        warnings.forEach(LOG::warn);
    }

    /**
     * Does the same without logging.
     *
     * @throws ConfigurationException as {@link #check}
     */
    public static void checkQuietly(CamelContext context) throws ConfigurationException {
        checked(context);
    }

    private static HttpExposureCheck checked(CamelContext context) throws ConfigurationException {
        JwtConfigCheck.check(context);
        HttpExposureCheck access = new HttpExposureCheck(context);
        if (!access.faults.isEmpty()) {
            throw new ConfigurationException(access.faults);
        }
        return access;
    }

    private final class Server {

        private final String prefix;

        Server(String prefix) {
            this.prefix = prefix;
        }

        void check() {
            String host = get("host", "0.0.0.0");
            boolean here = isLoopback(host);
            if (is("authenticationEnabled")) {
                checkUsers();
                checkPath(here);
            } else if (!here) {
                faults.add(new ConfigFault(prefix + ".host", host, "others than this machine could steer the mirrors there, without a password",
                        "set " + prefix + ".authenticationEnabled = true and " + prefix + ".basicPropertiesFile = FILE with lines"
                                + " user.NAME = PASSWORD, or leave the host at 127.0.0.1"));
            }
        }

        private void checkUsers() {
            String users = get("basicPropertiesFile", "");
            if (users.isEmpty()) {
                faults.add(new ConfigFault(prefix + ".authenticationEnabled", "true", "nothing says who is let in, and so everybody"
                        + " would be", "set " + prefix + ".basicPropertiesFile = FILE with lines user.NAME = PASSWORD"));
                return;
            }
            try {
                SecretFileCheck.fault(prefix + ".basicPropertiesFile", users, Path.of(users), "lines user.NAME = PASSWORD").ifPresent(faults::add);
            } catch (InvalidPathException e) {
                faults.add(new ConfigFault(prefix + ".basicPropertiesFile", users, "this is no path", "name a file"));
            }
        }

        private void checkPath(boolean here) {
            String below = get("path", "/");
            String said = get("authenticationPath", "");
            // as Camel interprets it: relative to camel.server.path
            String asked = said.isEmpty() ? below : said;
            if (asked.equals("/") || asked.equals(EVERYTHING)) {
                return;
            }
            String key = prefix + ".authenticationPath";
            if (said.isEmpty()) {
                faults.add(new ConfigFault(prefix + ".path", below, "credentials would be asked for below " + below + asked + " alone",
                        "set " + key + " = " + EVERYTHING));
            } else if (!here) {
                faults.add(new ConfigFault(key, said, "others than this machine get nothing but 401 outside of it, whatever they show",
                        "leave it out; probes and Prometheus can send credentials"));
            } else {
                warnings.add(key + " = " + said + ": all else, " + open(said) + ", stays open to every user of this machine");
            }
        }

        private static String open(String asked) {
            return Stream.of("/", "/api/", "/observe/").filter(path -> !(path + "*").equals(asked))
                    .map(path -> path.equals("/") ? "the page" : path).collect(Collectors.joining(", "));
        }

        boolean is(String option) {
            return Boolean.parseBoolean(get(option, "false"));
        }

        String get(String option, String usual) {
            String dashed = option.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            String value = resolve(dashed, "");
            return value.isEmpty() ? resolve(option, usual) : value;
        }

        private String resolve(String option, String usual) {
            return context.resolvePropertyPlaceholders("{{" + prefix + '.' + option + ':' + usual + "}}").strip();
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // opening the port will report this
            return true;
        }
    }
}
