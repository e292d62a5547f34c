package testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import common.HttpProbe;
import common.Machine;

/** Dromedary with one mirror, b. */
final class DromedaryProgram implements Program {

    private static final Pattern BUSY = Pattern.compile("\"owed\":[1-9]|\"runs\":\\[\\{|\"lastReconcile\":null");

    private final Instance instance;
    private final HttpProbe http = new HttpProbe(Machine.freePort());

    DromedaryProgram(Instance instance) {
        this.instance = instance;
    }

    // its state lies in the folder that it is started in
    @Override
    public List<String> command() throws IOException {
        Path java = instance.contender() == Contender.NEWEST ? Project.newestJava() : Project.JAVA_HOME;
        Path file = Files.write(instance.home().resolve("application.properties"), configuration());
        return List.of(java.resolve("bin/java").toString(), "-jar", Project.JAR.toString(), "--config", file.toString());
    }

    private List<String> configuration() {
        List<String> lines = new ArrayList<>(List.of("mirror.b.source = " + instance.source(), "camel.server.port = " + http.port()));
        for (int i = 0; i < instance.urls().size(); i++) {
            lines.add("mirror.b.target.t" + i + ".url = " + instance.urls().get(i));
        }
        if (instance.contender() == Contender.FANOTIFY) {
            lines.add("mirror.b.watch = fanotify");
        }
        if (!instance.comparesAtStart()) {
            lines.add("mirror.b.reconcile-on-start = false");
        }
        if (instance.contender() == Contender.SSH) {
            lines.add("mirror.b.ssh-options = " + instance.ssh().clientOptions());
        }
        return lines;
    }

    @Override
    public boolean isWatching() {
        return http.isReady();
    }

    @Override
    public boolean isSettled() {
        String status = http.status();
        return status != null && !BUSY.matcher(status).find();
    }
}
