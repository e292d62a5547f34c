package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

import dev.dromedary.clock.SteadyClock;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.PropertiesSource;

/**
 * Identifies this program, for those who look at several.
 *
 * @param host          the name of this machine; null if the kernel does not report it
 * @param version       of Dromedary; null if it runs without its jar
 * @param configuration the absolute path of the file; null if there is none, or if Camel has read it in its own way
 * @param started       the moment of the start, by {@link SteadyClock}
 */
record ProgramInfo(String host, String version, String configuration, long started) {

    private static final String FILE = "file:";
    private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

    /** Returns the description of this process, which starts now. */
    static ProgramInfo of(CamelContext context) {
        return new ProgramInfo(hostName(), ProgramInfo.class.getPackage().getImplementationVersion(), configurationOf(context), SteadyClock.millis());
    }

    /** Returns the time of the start, by the system's clock as it is set now. */
    Instant startedAt() {
        return SteadyClock.shown(started);
    }

    // from its own namespace, and without asking a name server
    private static String hostName() {
        try {
            return Files.readString(HOST).strip();
        } catch (IOException e) {
            return System.getenv("HOSTNAME");
        }
    }

    private static String configurationOf(CamelContext context) {
        return context.getPropertiesComponent().getPropertiesSources().stream().map(PropertiesSource::getName)
                .filter(name -> name != null && name.startsWith(FILE) && !name.equals(FILE + null))
                .map(name -> Path.of(name.substring(FILE.length())).toAbsolutePath().normalize().toString()).findFirst().orElse(null);
    }
}
