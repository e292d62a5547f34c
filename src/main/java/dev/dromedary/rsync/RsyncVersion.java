package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the local rsync. */
public record RsyncVersion(int major, int minor, int patch) {

    private static final Pattern FIRST_LINE = Pattern.compile("rsync +version v?(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");
    private static final long ANSWERS_WITHIN_SECONDS = 10;

    /**
     * Asks rsync for its version.
     *
     * @throws IOException if rsync is missing, or its version is unknown; the message says what to do
     */
    public static RsyncVersion probe() throws IOException {
        Process process;
        try {
            process = new ProcessBuilder("rsync", "--version").redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("rsync is not installed, or not on the PATH: install the package \"rsync\""
                    + " (apt-get, dnf, apk, pacman or brew install rsync)", e);
        }
        try {
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return parse(text.lines().findFirst().orElse(""));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while rsync was asked for its version", e);
        }
    }

    static RsyncVersion parse(String line) throws IOException {
        Matcher matcher = FIRST_LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IOException("\"rsync --version\" answers with \"" + line + "\": this rsync is not known;"
                    + " install rsync 3.1.0 or later from https://rsync.samba.org");
        }
        RsyncVersion version = new RsyncVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)),
                matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)));
        if (version.number() < 3_01_00) {
            throw new IOException("rsync " + version + " is too old: install 3.1.0 or later");
        }
        return version;
    }

    /** Returns whether --delete-missing-args works: since 3.1.0, but not in 3.4.3, which lost it for one release. */
    public boolean deletesMissingArgs() {
        return number() != 3_04_03;
    }

    /** Returns whether it protects its arguments from being split by a remote shell by default: since 3.2.4. */
    public boolean escapesArguments() {
        return number() >= 3_02_04;
    }

    private int number() {
        return major * 1_00_00 + minor * 1_00 + patch;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
