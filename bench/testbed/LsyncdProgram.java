package testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** lsyncd with a sync for each target. */
final class LsyncdProgram implements Program {

    private final Instance instance;

    LsyncdProgram(Instance instance) {
        this.instance = instance;
    }

    @Override
    public List<String> command() throws IOException {
        List<String> lines = new ArrayList<>(List.of("settings { logfile = \"" + instance.log() + "\", nodaemon = true }"));
        for (String url : instance.urls()) {
            lines.add("sync { default." + (instance.contender() == Contender.DIRECT ? "direct" : "rsync") + ", source = \"" + instance.source()
                    + "\", target = \"" + url + "\"" + tuning() + (instance.comparesAtStart() ? "" : ", init = false") + " }");
        }
        return List.of("lsyncd", "-nodaemon", Files.write(instance.home().resolve("lsyncd.conf"), lines).toString());
    }

    private String tuning() {
        return switch (instance.contender()) {
            case MANUAL -> "";
            case DIRECT -> ", delay = 0";
            default -> ", delay = 0, rsync = { _extra = { \"--sockopts=TCP_NODELAY\" } }";
        };
    }

    @Override
    public boolean isWatching() throws IOException {
        return countInLog("recursive startup rsync: ") >= instance.targets().size();
    }

    @Override
    public boolean isSettled() throws IOException {
        return countInLog("Startup of .* finished") >= instance.targets().size();
    }

    private int countInLog(String pattern) throws IOException {
        if (!Files.exists(instance.log())) {
            return 0;
        }
        return (int) Pattern.compile(pattern).matcher(Files.readString(instance.log(), StandardCharsets.ISO_8859_1)).results().count();
    }
}
