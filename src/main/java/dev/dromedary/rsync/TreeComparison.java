package dev.dromedary.rsync;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.backlog.TransferClass;
import dev.dromedary.change.RawPath;
import dev.dromedary.config.Mirror;
import dev.dromedary.config.Target;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.source.SubmountGuard;

/** Reports what a reconcile would send and delete, without changing anything. */
public final class TreeComparison {

    private final PrintWriter out;
    private final DifferenceFormat style;
    private final Path stateDir;

    /**
     * @param out      receives the differences, one per line
     * @param style    their format
     * @param stateDir the folder that keeps what belongs to a source
     */
    public TreeComparison(PrintWriter out, DifferenceFormat style, Path stateDir) {
        this.out = out;
        this.style = style;
        this.stateDir = stateDir;
    }

    /**
     * The result.
     *
     * @param differing how many paths would be sent, or get other attributes
     * @param bytes     the size of the files whose content would be sent
     * @param deleted   how many would be deleted at the target
     * @param failure   why the comparison failed, in plain words; null if it succeeded
     */
    public record Result(int differing, long bytes, int deleted, String failure) {

        /** Returns whether there is certainly no difference. */
        public boolean isSame() {
            return differing == 0 && deleted == 0 && failure == null;
        }
    }

    /**
     * Compares a target with its source by a dry run of rsync.
     *
     * @param checksums whether the content is read on both sides; if not, only size and time are compared
     */
    public Result compare(Mirror mirror, Target target, RsyncVersion rsync, boolean checksums)
            throws IOException, InterruptedException {
        List<String> missing = List.copyOf(SubmountGuard.missing(stateDir, mirror.name(), mirror.source()));
        Path rulesFile = Files.write(Files.createTempFile("dromedary-", ".rules"), FilterRules.of(target.filter()).mergeFile0(missing));
        Path controls = Files.createTempDirectory("dromedary-");
        try {
            List<String> command = new ArrayList<>(List.of("rsync", "--archive", "--dry-run", "--itemize-changes",
                    ItemizedLine.WOULD_BE, "--modify-window=-1", "--from0"));
            if (checksums) {
                command.add("--checksum");
            }
            command.add("--recursive");
            command.addAll(RsyncArguments.deletion(target, TransferClass.BULK, rsync));
            command.addAll(checksums ? RsyncArguments.options(target, RsyncArguments.patience(target), rulesFile, controls)
                    : RsyncArguments.options(target, rulesFile, controls));
            command = RsyncArguments.alone(command);
            command.addAll(RsyncArguments.compared(mirror, target));
            Result result = run(command, mirror.source());
            return missing.isEmpty() || result.failure != null ? result : new Result(result.differing, result.bytes, result.deleted,
                    mirror.source().resolve(RawPath.shown(missing.get(0))) + ": its file system is not mounted, so it was left out");
        } finally {
            Files.deleteIfExists(rulesFile);
            Files.deleteIfExists(controls);
        }
    }

    private Result run(List<String> command, Path source) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("dromedary-", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(source.toFile()).redirectError(errors.toFile());
        builder.environment().put("LC_ALL", "C");
        int differing = 0;
        long bytes = 0;
        int deleted = 0;
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
                for (String line; (line = lines.readLine()) != null;) {
                    ItemizedLine found = ItemizedLine.of(line).orElse(null);
                    if (found != null) {
                        deleted += found.isDeleted() ? 1 : 0;
                        differing += found.isDeleted() ? 0 : 1;
                        bytes += found.isTransferred() ? found.size() : 0;
                        out.println(style.text(found));
                    }
                }
            }
            int exit = process.waitFor();
            String said = Files.readString(errors, StandardCharsets.ISO_8859_1);
            return new Result(differing, bytes, deleted, exit == 0 ? null : ExitCodeTable.verdict(exit, said).cause()
                    + " (rsync ended with " + exit + ": " + RawPath.escape(said.strip().replace("\n", " | ")) + ")");
        } finally {
            Files.deleteIfExists(errors);
        }
    }
}
