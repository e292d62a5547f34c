package dev.dromedary.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** Reads and writes a small file in the state folder that holds a JSON object and the version of its format. */
public record JsonFile(Path path, int version) {

    /** Converts the object. */
    @FunctionalInterface
    public interface Reader<T> {
        T of(JsonObject json);
    }

    /** Writes the file completely or not at all, even if the power fails. */
    public void write(JsonObject json) throws IOException {
        json.put("version", version);
        StateFolder.make(path.getParent());
        Path unfinished = path.resolveSibling(path.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            channel.write(ByteBuffer.wrap(json.toJson().getBytes(StandardCharsets.UTF_8)));
            channel.force(false);
        }
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * {@return the content of the file; empty if there is no such file}
     *
     * @throws IOException if it exists and can't be used; the message says why
     */
    public <T> Optional<T> read(Reader<T> reader) throws IOException {
        try {
            JsonObject json = (JsonObject) Jsoner.deserialize(Files.readString(path));
            // files had no version before there was a second one
            Object found = json.getOrDefault("version", version);
            if (!String.valueOf(found).equals(String.valueOf(version))) {
                throw new IOException("it is of version " + found + ", which this version of Dromedary does not know");
            }
            return Optional.ofNullable(reader.of(json));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DeserializationException | RuntimeException e) {
            throw new IOException("it is damaged", e);
        }
    }
}
