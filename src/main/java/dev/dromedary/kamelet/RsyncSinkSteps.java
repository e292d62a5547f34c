package dev.dromedary.kamelet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.dromedary.backlog.BacklogEndpoint;
import dev.dromedary.backlog.RunOutcome;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.RawPath;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.rsync.ExitCodeTable;
import dev.dromedary.rsync.ExitDiagnosis;
import dev.dromedary.rsync.OverlongPaths;
import dev.dromedary.rsync.PushFilesFrom;
import dev.dromedary.rsync.ReceiverState;
import dev.dromedary.rsync.RsyncException;
import dev.dromedary.rsync.RsyncVersion;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.component.exec.ExecBinding;

/** Prepares and checks the run of rsync in the kamelet rsync-sink. */
public final class RsyncSinkSteps {

    private PushFilesFrom fileList;

    /**
     * Sets the folder that the paths are relative to.
     *
     * @throws IOException if rsync is not available
     */
    public void setSource(String source) throws IOException {
        SourceGuard root = new SourceGuard(Path.of(source).toAbsolutePath(), null);
        fileList = new PushFilesFrom(root, FilterRules.NONE, new ReceiverState("rsync-sink", RsyncVersion.probe()), new OverlongPaths());
    }

    /**
     * Makes the list for rsync's standard input.
     *
     * @throws IOException if the source is gone, or has become another folder: nothing must be deleted because of that
     */
    public byte[] list(@Body ChangeSet changes, Exchange exchange) throws IOException {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(fileList.list(changes, exchange));
        // this rsync can't be given missing paths, so it compares their folders
        exchange.getProperty(BacklogEndpoint.COMPARED, ChangeSet.class).forEach((folder, extent) ->
                list.writeBytes(RawPath.bytes("./" + (folder.isEmpty() ? "" : folder + '/') + '\0')));
        return list.toByteArray();
    }

    /** @throws RsyncException if rsync did not send everything */
    public void check(@Header(ExecBinding.EXEC_EXIT_VALUE) int exit, @Header(ExecBinding.EXEC_STDERR) InputStream stderr)
            throws RsyncException, IOException {
        String said = stderr == null ? "" : new String(stderr.readAllBytes(), StandardCharsets.ISO_8859_1);
        ExitDiagnosis verdict = ExitCodeTable.verdict(exit, said);
        if (verdict.outcome() != RunOutcome.ARRIVED) {
            throw new RsyncException(verdict.reason(exit, said));
        }
    }
}
