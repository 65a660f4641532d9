package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Exports to readers that take their time. */
class MembersExportTest {

    private static final int CONNECTIONS = 10;

    /** More than the buffers between the server and a reader hold. */
    private static final int MEMBERS = 60_000;

    @RegisterExtension
    static final App app = new App().with("database.maxSize", Integer.toString(CONNECTIONS));

    private String key = "";

    @BeforeEach
    void newSegment() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"))
                .expect(201);
        app.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into contact (external_id, created_at, updated_at)
                    select ? || n, now(), now() from generate_series(1, ?) as n order by n
                    """, key, MEMBERS + 5);
            handle.execute("""
                    insert into membership (segment_id, contact_id, joined_at)
                    select s.id, c.id, now() - interval '1 day' from segment s, contact c
                    where s.key = ? and c.external_id = any(select ? || n from generate_series(1, ?) as n)
                    """, key, key, MEMBERS);
        });
    }

    @Test
    void readers_that_stall_take_no_connection_from_anybody_and_read_one_membership() throws Exception {
        var readers = new ArrayList<Reader>();
        try {
            for (var number = 0; number < CONNECTIONS + 4; number++) {
                readers.add(new Reader("/v1/segments/" + key + "/members/export"));
            }
            for (var reader : readers) {
                assertThat(reader.next()).startsWith("HTTP/1.1 200");
            }
            // As far as it gets without a reader.
            Thread.sleep(2_000);

            var answer = app.request("GET", "/v1/segments/" + key);
            change("remove", MEMBERS - 4_999, MEMBERS);
            change("add", MEMBERS + 1, MEMBERS + 5);

            assertThat(answer.expect(200).took()).isLessThan(Answer.SOON);
            assertThat(readers.getFirst().rest())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, MEMBERS)
                            .mapToObj(number -> key + number)
                            .toList());
        } finally {
            for (var reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void members_of_a_past_moment_are_exported_page_by_page_as_well() throws Exception {
        change("remove", 1, 3_000);
        change("add", MEMBERS + 1, MEMBERS + 5);

        try (var reader = new Reader("/v1/segments/" + key + "/members/export?asOf="
                + InstantSource.system().instant().minus(Duration.ofHours(1)))) {
            assertThat(reader.next()).startsWith("HTTP/1.1 200");
            assertThat(new HashSet<>(reader.rest())).hasSize(MEMBERS).contains(key + 1, key + MEMBERS);
        }
    }

    private void change(String how, int from, int to) {
        var names = IntStream.rangeClosed(from, to)
                .mapToObj(number -> "external:" + key + number)
                .toList();
        app.request("POST", "/v1/segments/" + key + "/members", Map.of(how, names))
                .expect(200);
    }

    /** Takes of an answer what it is asked to, with hardly a buffer. */
    private static final class Reader implements AutoCloseable {

        private final Socket socket = new Socket();
        private final BufferedReader lines;

        Reader(String path) throws IOException {
            var url = URI.create(app.url());
            var secret = new ApiKeys(app.jdbi(), InstantSource.system())
                    .create("reader", Role.ADMIN, null, "test")
                    .key();
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getByName(url.getHost()), url.getPort()));
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write("""
                    GET %s HTTP/1.0\r
                    Host: %s\r
                    Accept: text/csv\r
                    Authorization: Bearer %s\r
                    \r
                    """.formatted(path, url.getHost(), secret).getBytes(StandardCharsets.UTF_8));
            lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1024);
        }

        String next() throws IOException {
            return String.valueOf(lines.readLine());
        }

        /** The external ids of all rows. */
        List<String> rest() throws IOException {
            var ids = new ArrayList<String>();
            var body = false;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var cells = line.split(",", -1);
                if (body) {
                    ids.add(cells[1]);
                }
                body |= cells[0].endsWith("contactId");
            }
            return ids;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
