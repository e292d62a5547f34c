package dev.dromedary.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;

import dev.dromedary.config.CamelFreeConfig;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** The client for the HTTP port of the running program. */
final class ServerClient {

    /** The program could not be asked, or refused; the message is for people. */
    static class Failure extends Exception {

        private static final long serialVersionUID = 1L;

        // null if there is none
        private final transient JsonObject answer;

        Failure(String message) {
            this(message, null);
        }

        private Failure(String message, JsonObject answer) {
            super(message);
            this.answer = answer;
        }

        /** Returns the body of the refusal; null if the program could not be asked, or did not answer with JSON. */
        JsonObject answer() {
            return answer;
        }
    }

    /** The program did not answer. */
    static final class Unreachable extends Failure {

        private static final long serialVersionUID = 1L;

        Unreachable(String message) {
            super(message);
        }
    }

    static final Path USUAL = Path.of("config/application.properties");
    private static final String EVERYWHERE = "0.0.0.0";
    private static final int PATIENCE_MILLIS = 10_000;

    private final URI base;
    private final String credentials;

    private ServerClient(URI base, String credentials) {
        this.base = base;
        this.credentials = credentials;
    }

    /**
     * Finds the address of the program.
     *
     * @param config the configuration; null for the default file, if it exists
     * @param url    the address, if it is not the one in the configuration; otherwise null
     */
    static ServerClient of(Path config, URI url) throws Failure {
        try {
            CamelFreeConfig values = CamelFreeConfig.read(config != null ? config : Files.isReadable(USUAL) ? USUAL : null);
            String host = values.get("camel.server.host", "127.0.0.1");
            URI base = url != null ? url : URI.create("http://" + (host.equals(EVERYWHERE) ? "127.0.0.1" : host) + ':'
                    + values.get("camel.server.port", "8080"));
            return new ServerClient(base, Boolean.parseBoolean(values.get("camel.server.authenticationEnabled", "false"))
                    ? credentials(values.get("camel.server.basicPropertiesFile", null)) : null);
        } catch (IOException e) {
            throw new Failure("the configuration " + config + " can't be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Failure("the configuration names no port or host that can be asked: " + e.getMessage());
        }
    }

    // a user who may read the password file may use any of its passwords; null if there is none
    private static String credentials(String file) {
        Properties users = new Properties();
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            users.load(in);
        } catch (IOException | NullPointerException e) {
            return null;
        }
        Optional<String> user = users.stringPropertyNames().stream().filter(key -> key.matches("user\\.[^.]+")).sorted().findFirst();
        return user.map(key -> key.substring("user.".length()) + ':' + users.getProperty(key).split(",", 2)[0]).orElse(null);
    }

    @Override
    public String toString() {
        return base.toString();
    }

    JsonObject get(String path) throws Failure {
        return send(path, null, HttpURLConnection.HTTP_OK, PATIENCE_MILLIS);
    }

    JsonObject post(String path) throws Failure {
        return post(path, "");
    }

    /** Sends JSON as well. */
    JsonObject post(String path, String json) throws Failure {
        return send(path, json, HttpURLConnection.HTTP_OK, PATIENCE_MILLIS);
    }

    /** Sends a request that may take the given number of milliseconds. */
    JsonObject post(String path, int patience) throws Failure {
        return send(path, "", HttpURLConnection.HTTP_OK, patience);
    }

    /** Sends a request that may time out (504); that is a valid answer as well. */
    JsonObject await(String path) throws Failure {
        return send(path, "", HttpURLConnection.HTTP_GATEWAY_TIMEOUT, PATIENCE_MILLIS);
    }

    // not java.net.http, whose client takes half a second of CPU time to create
    private JsonObject send(String path, String body, int alsoFine, int patience) throws Failure {
        try {
            HttpURLConnection connection = (HttpURLConnection) base.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(patience);
            if (credentials != null) {
                connection.setRequestProperty("Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
            }
            if (body != null) {
                connection.setRequestMethod("POST");
                connection.setRequestProperty("X-Dromedary-Action", "yes");
                connection.setDoOutput(true);
                if (!body.isEmpty()) {
                    connection.setRequestProperty("Content-Type", "application/json");
                }
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            return answer(connection, alsoFine);
        } catch (ConnectException e) {
            throw new Unreachable("nobody answers at " + base + ": is it running, and with this configuration? Name another by"
                    + " --config FILE, or where it answers by --url http://HOST:PORT");
        } catch (SocketTimeoutException e) {
            throw new Unreachable(base + " does not answer in time");
        } catch (IOException | ClassCastException e) {
            throw new Failure(base + " can't be asked: " + e);
        }
    }

    private JsonObject answer(HttpURLConnection connection, int alsoFine) throws IOException, Failure {
        int code = connection.getResponseCode();
        if (code == HttpURLConnection.HTTP_UNAUTHORIZED) {
            throw new Failure(base + " wants credentials: name a configuration whose camel.server.basicPropertiesFile you may read");
        }
        try (InputStream body = code < HttpURLConnection.HTTP_BAD_REQUEST ? connection.getInputStream() : connection.getErrorStream()) {
            JsonObject json = json(body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            if (json == null || code != HttpURLConnection.HTTP_OK && code != alsoFine) {
                throw new Failure(json != null && json.containsKey("error") ? json.getString("error")
                        : base + " answers with " + code + ": it is something else than Dromedary, or another version", json);
            }
            return json;
        }
    }

    private static JsonObject json(String body) {
        try {
            return Jsoner.deserialize(body) instanceof JsonObject json ? json : null;
        } catch (DeserializationException e) {
            return null;
        }
    }
}
