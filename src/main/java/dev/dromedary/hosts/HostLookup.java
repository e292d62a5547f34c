package dev.dromedary.hosts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.dromedary.config.HostSource;
import dev.dromedary.config.HostTargetTemplate;
import dev.dromedary.log.LogEscaping;

/**
 * Asks a host source for its hosts. An answer is accepted as a whole or not at all: an empty or truncated answer, or one that is no list of
 * hosts, counts as no answer.
 */
public final class HostLookup {

    private static final int MOST_BYTES = 1 << 20;
    private static final long WITHIN_SECONDS = 20;
    private static final int SHOWN = 100;
    // names and addresses of both families; a leading hyphen would make it an option
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_:][A-Za-z0-9._:-]{0,252}");

    private HostLookup() {
    }

    /**
     * {@return the named hosts without duplicates, at least one}
     *
     * @throws IOException          if there is no valid answer; the message gives the reason in one line
     * @throws InterruptedException if the thread is interrupted by a stop
     */
    public static List<String> ask(HostSource source) throws IOException, InterruptedException {
        return read(switch (source.kind()) {
            case FILE -> file(Path.of(source.what()));
            case DNS -> addresses(source.what());
            case EXEC -> output(source.what());
        });
    }

    private static String file(Path file) throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("it has more than " + MOST_BYTES + " bytes");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        }
    }

    private static String addresses(String name) throws IOException, InterruptedException {
        try {
            // the system's resolver has its own timeouts, which may be long
            InetAddress[] all = within(CompletableFuture.supplyAsync(() -> {
                try {
                    return InetAddress.getAllByName(name);
                } catch (UnknownHostException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            // the order differs between answers; an interface index is valid on this machine only
            return String.join("\n", Stream.of(all).map(address -> address.getHostAddress().replaceFirst("%.*", "")).sorted().toList());
        } catch (UncheckedIOException e) {
            throw new IOException("the DNS has no address of that name", e);
        }
    }

    private static String output(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/sh", "-c", command).redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        try {
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            String output = within(CompletableFuture.supplyAsync(() -> text(process.getInputStream())));
            if (!process.waitFor(WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw late();
            }
            if (process.exitValue() != 0) {
                String said = LogEscaping.of(within(errors).strip());
                throw new IOException("it ended with " + process.exitValue()
                        + (said.isEmpty() ? "" : ": " + said.substring(0, Math.min(SHOWN, said.length()))));
            }
            return output;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(stream.readNBytes(MOST_BYTES));
            return bytes.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T within(CompletableFuture<T> future) throws IOException, InterruptedException {
        try {
            return future.get(WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io;
            }
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    private static IOException late() {
        return new IOException("there is no answer within " + WITHIN_SECONDS + " s");
    }

    /** {@return the hosts of an answer, separated by white space; the rest of a line after # is a comment} */
    static List<String> read(String answer) throws IOException {
        Map<String, String> byName = new HashMap<>();
        List<String> hosts = new ArrayList<>();
        for (String line : answer.split("\\R")) {
            for (String host : line.replaceFirst("#.*", "").strip().split("\\s+")) {
                if (host.isEmpty() || hosts.contains(host)) {
                    continue;
                }
                if (!HOST.matcher(host).matches()) {
                    throw new IOException("\"" + LogEscaping.of(host.substring(0, Math.min(SHOWN, host.length()))) + "\" is neither the name of a host"
                            + " nor an address");
                }
                String other = byName.put(HostTargetTemplate.name(host), host);
                if (other != null) {
                    throw new IOException(other + " and " + host + " would both be the target " + HostTargetTemplate.name(host));
                }
                hosts.add(host);
            }
        }
        if (hosts.isEmpty()) {
            throw new IOException("the answer names no host");
        }
        return hosts;
    }
}
