package dev.dromedary.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.apache.camel.Exchange;

/**
 * Reads the body of a request to a route with {@code useBodyHandler=false}, whose message holds the request itself. The body is read into
 * memory, up to a limit. Vert.x's own body handler would create a folder for uploaded files.
 */
public final class RequestBody {

    /** The body has more bytes than allowed. */
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        private TooLarge() {
            super("too large");
        }
    }

    private RequestBody() {
    }

    /**
     * Reads the body, and waits until it is complete.
     *
     * @param most     maximum number of bytes
     * @param patience how long to wait
     * @throws TooLarge    if there are more bytes; the rest is discarded
     * @throws IOException if the body was not complete in time, or the connection has ended
     */
    public static byte[] of(Exchange exchange, int most, Duration patience) throws IOException, InterruptedException {
        if (!(exchange.getMessage().getBody() instanceof HttpServerRequest request)) {
            throw new IOException("it did not come with a request of this server");
        }
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        request.exceptionHandler(whole::completeExceptionally);
        request.handler(chunk -> {
            if (bytes.size() + chunk.length() > most) {
                whole.completeExceptionally(new TooLarge());
            } else {
                bytes.writeBytes(chunk.getBytes());
            }
        });
        request.endHandler(end -> whole.complete(bytes.toByteArray()));
        if (request.getHeader(HttpHeaders.EXPECT) != null) {
            request.response().writeContinue();
        }
        request.resume();
        try {
            return whole.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("not all of it came within " + patience.toSeconds() + " s", e);
        }
    }
}
