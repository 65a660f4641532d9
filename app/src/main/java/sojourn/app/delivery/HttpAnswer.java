package sojourn.app.delivery;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the answer to a request whose connection ends with it: its status, and as much of its body as may matter. */
final class HttpAnswer {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: .*)?");
    private static final int MOST_LINE = 8 * 1024;
    private static final int MOST_LINES = 200;
    private static final int MOST_BODY = 64 * 1024;
    private static final int FIRST_FINAL = 200;

    private final InputStream in;

    private HttpAnswer(InputStream in) {
        this.in = in;
    }

    /** Fails when what comes is no answer, or none comes. */
    static HttpCalls.Outcome read(InputStream in) throws IOException {
        return new HttpAnswer(in).read();
    }

    private HttpCalls.Outcome read() throws IOException {
        while (true) {
            var status = STATUS.matcher(line());
            if (!status.matches()) {
                throw new IOException("This is not HTTP");
            }
            var code = Integer.parseInt(status.group(1));
            var headers = headers();
            if (code >= FIRST_FINAL) {
                return new HttpCalls.Outcome.Answered(code, body(headers));
            }
        }
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        for (var count = 0; count < MOST_LINES; count++) {
            var line = line();
            if (line.isEmpty()) {
                return headers;
            }
            var colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        throw new IOException("More headers than anybody needs");
    }

    /** What comes of it: the status has said what matters, so a body that breaks off is no failure. */
    private String body(Map<String, String> headers) {
        var body = new ByteArrayOutputStream();
        try {
            if (headers.getOrDefault("transfer-encoding", "")
                    .toLowerCase(Locale.ROOT)
                    .contains("chunked")) {
                for (var size = chunk(); size > 0 && body.size() < MOST_BODY; size = chunk()) {
                    body.write(in.readNBytes(Math.min(size, MOST_BODY)));
                    line();
                }
            } else {
                var length = headers.getOrDefault("content-length", "");
                var most = length.matches("[0-9]{1,9}") ? Math.min(Integer.parseInt(length), MOST_BODY) : MOST_BODY;
                body.write(in.readNBytes(most));
            }
        } catch (IOException brokenOff) {
            return body.toString(StandardCharsets.UTF_8);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private int chunk() throws IOException {
        var size = line().split(";", 2)[0].strip();
        if (!size.matches("[0-9a-fA-F]{1,7}")) {
            throw new IOException("This is no chunk");
        }
        return Integer.parseInt(size, 16);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (line.size() == MOST_LINE) {
                throw new IOException("A line longer than anybody needs");
            }
            line.write(next);
        }
        var text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
