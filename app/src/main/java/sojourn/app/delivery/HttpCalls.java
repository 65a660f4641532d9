package sojourn.app.delivery;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes HTTP requests and knows how far each came. That is why it is not one of the usual clients: a request is complete
 * only with its last byte, which is written alone, so whatever fails before that has not been received, and nothing but
 * an answer tells what became of it afterwards. Each has a connection of its own: one that was kept may have been closed
 * meanwhile, which would look as if the request had been lost. Redirects are answers like any other, and nobody tries
 * again in secret.
 */
final class HttpCalls {

    private static final Logger log = LoggerFactory.getLogger(HttpCalls.class);

    private final Hosts hosts;
    private final Duration connectTimeout;
    private final Duration timeout;

    /**
     * @param connectTimeout for each address of a host
     * @param timeout from the first byte to the end of the answer
     */
    HttpCalls(Hosts hosts, Duration connectTimeout, Duration timeout) {
        this.hosts = hosts;
        this.connectTimeout = connectTimeout;
        this.timeout = timeout;
    }

    /** @param url of http or https, with a host */
    record Call(String method, URI url, Map<String, String> headers, String body) {}

    /** What became of a request. */
    sealed interface Outcome {

        /** An answer came; {@code body} is the beginning of it, as far as it was received. */
        record Answered(int status, String body) implements Outcome {}

        /** Whoever is there has not got the whole request. */
        record NotSent(String why) implements Outcome {}

        /** It was sent, and nothing came back that is an answer. */
        record Lost() implements Outcome {}

        /** We do not connect there. */
        record Forbidden(String why) implements Outcome {}
    }

    Outcome make(Call call) {
        try (var connection = connect(call.url())) {
            return exchange(connection, call);
        } catch (Hosts.ForbiddenException forbidden) {
            return new Outcome.Forbidden(String.valueOf(forbidden.getMessage()));
        } catch (UnknownHostException unknown) {
            return new Outcome.NotSent("its host is unknown");
        } catch (IOException failure) {
            return new Outcome.NotSent("no connection: " + failure.getClass().getSimpleName());
        }
    }

    private static Outcome exchange(Connection connection, Call call) throws IOException {
        var request = bytes(call);
        var out = connection.stream().getOutputStream();
        try {
            out.write(request, 0, request.length - 1);
            out.flush();
        } catch (IOException failure) {
            return new Outcome.NotSent("connection lost");
        }
        try {
            out.write(request[request.length - 1]);
            out.flush();
            return HttpAnswer.read(new BufferedInputStream(connection.stream().getInputStream()));
        } catch (IOException failure) {
            return new Outcome.Lost();
        }
    }

    private static byte[] bytes(Call call) {
        var url = call.url();
        var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var head = new StringBuilder(call.method()).append(' ').append(path);
        if (url.getRawQuery() != null) {
            head.append('?').append(url.getRawQuery());
        }
        head.append(" HTTP/1.1\r\nhost: ").append(url.getHost());
        if (url.getPort() >= 0) {
            head.append(':').append(url.getPort());
        }
        head.append("\r\nconnection: close\r\naccept: */*\r\nuser-agent: Sojourn\r\n");
        call.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        var body = call.body().getBytes(StandardCharsets.UTF_8);
        if (body.length > 0 || !call.method().equals("GET")) {
            head.append("content-length: ").append(body.length).append("\r\n");
        }
        var start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        var all = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    private Connection connect(URI url) throws IOException, Hosts.ForbiddenException {
        var secure = "https".equalsIgnoreCase(url.getScheme());
        var port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        var refused = new IOException("The host has no address");
        for (var address : hosts.of(url.getHost())) {
            try {
                var connection = new Connection(open(address, port), timeout);
                if (secure) {
                    connection.secure(url.getHost(), port);
                }
                return connection;
            } catch (IOException next) {
                refused = next;
            }
        }
        throw refused;
    }

    private Socket open(InetAddress address, int port) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address, port), Math.toIntExact(connectTimeout.toMillis()));
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** A socket that is closed when its time is up, whatever it is at: reading, writing, or agreeing on keys. */
    private static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final CountDownLatch closed = new CountDownLatch(1);
        private Socket stream;

        Connection(Socket socket, Duration timeout) {
            this.socket = socket;
            this.stream = socket;
            Thread.ofVirtual().name("http-timeout").start(() -> closeAfter(timeout));
        }

        private void closeAfter(Duration timeout) {
            try {
                if (!closed.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    close();
                }
            } catch (InterruptedException stopping) {
                close();
            }
        }

        /** Only with a certificate that is trusted and made out to this host. */
        void secure(String host, int port) throws IOException {
            try {
                var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
                var tls = (SSLSocket) factory.createSocket(socket, withoutBrackets(host), port, true);
                var parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                tls.setSSLParameters(parameters);
                tls.startHandshake();
                stream = tls;
            } catch (IOException failure) {
                close();
                throw failure;
            }
        }

        private static String withoutBrackets(String host) {
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        Socket stream() {
            return stream;
        }

        /** Never fails: what has been answered stays answered. */
        @Override
        public void close() {
            closed.countDown();
            try {
                socket.close();
            } catch (IOException alreadyBroken) {
                log.debug("closing a connection: {}", alreadyBroken.toString());
            }
        }
    }
}
