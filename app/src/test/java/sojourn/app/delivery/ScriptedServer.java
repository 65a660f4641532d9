package sojourn.app.delivery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A mail server on a real socket that does at each stage what it is told: an answer, or {@link #DROP}. Stages are {@code
 * CONNECT}, the commands, {@code BODY} (after the first line of the message) and {@code DOT}.
 */
final class ScriptedServer implements AutoCloseable {

    static final String DROP = "drop";

    /** Whole messages that were taken. */
    final List<String> taken = new CopyOnWriteArrayList<>();

    /** Whole messages that came in, whatever was answered. */
    final List<String> seen = new CopyOnWriteArrayList<>();

    final List<String> commands = new CopyOnWriteArrayList<>();

    private final Map<String, String> script = new ConcurrentHashMap<>();
    private final ServerSocket socket;

    ScriptedServer() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    ScriptedServer at(String stage, String answer) {
        script.put(stage, answer);
        return this;
    }

    void behave() {
        script.clear();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            if (!answer(client, "CONNECT", "220 ready")) {
                return;
            }
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                var command = line.split("[ :]", 2)[0];
                switch (command) {
                    case "DATA" -> {
                        if (!answer(client, "DATA", "354 go on")) {
                            return;
                        }
                        if (!script.getOrDefault("DATA", "354").startsWith("354")) {
                            continue;
                        }
                        if (!message(client, in)) {
                            return;
                        }
                    }
                    case "QUIT" -> {
                        return;
                    }
                    default -> {
                        if (!answer(client, command, "250 ok")) {
                            return;
                        }
                    }
                }
            }
        } catch (IOException gone) {
            // The client hung up.
        }
    }

    private boolean message(Socket client, BufferedReader in) throws IOException {
        var text = new StringBuilder();
        for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            text.append(line).append('\n');
            if (script.containsKey("BODY")) {
                return false;
            }
        }
        seen.add(text.toString());
        if (script.getOrDefault("DOT", "250").startsWith("250")) {
            taken.add(text.toString());
        }
        return answer(client, "DOT", "250 taken");
    }

    private boolean answer(Socket client, String stage, String usual) throws IOException {
        var answer = script.getOrDefault(stage, usual);
        if (answer.equals(DROP)) {
            return false;
        }
        client.getOutputStream().write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
