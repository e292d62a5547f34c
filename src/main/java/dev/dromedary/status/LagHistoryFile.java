package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

import dev.dromedary.state.JsonFile;
import org.apache.camel.util.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores the history of the status page on disk. Nothing depends on it, so no failure here is an error. */
final class LagHistoryFile {

    private static final Logger LOG = LoggerFactory.getLogger(LagHistoryFile.class);
    private static final String NAME = "history.json";
    private static final int VERSION = 1;

    private final JsonFile file;
    private boolean complained;

    LagHistoryFile(Path stateDir) {
        file = new JsonFile(stateDir.resolve(NAME), VERSION);
    }

    /**
     * {@return the stored content; nothing if there is none} An unusable file is set aside.
     *
     * @param reader parses it; it throws a RuntimeException if the content is something else
     */
    <T> Optional<T> read(JsonFile.Reader<T> reader) {
        try {
            return file.read(reader);
        } catch (IOException e) {
            Path aside = file.path().resolveSibling(NAME + ".damaged");
            LOG.warn("{} can't be used ({}): the page begins a new history; the file is set aside as {}", file.path(), e.getMessage(), aside);
            try {
                Files.move(file.path(), aside, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException again) {
                LOG.debug("It could not be set aside", again);
            }
            return Optional.empty();
        }
    }

    /** Rewrites the file. A failure is logged once, until a write succeeds again. */
    void write(JsonObject json) {
        try {
            file.write(json);
            complained = false;
        } catch (IOException e) {
            if (!complained) {
                LOG.warn("{} can't be written ({}): the page's history ends with this process; check room and rights there", file.path(), e.toString());
            }
            complained = true;
        }
    }
}
