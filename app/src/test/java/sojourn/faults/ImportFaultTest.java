package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sojourn.app.platform.Json;
import sojourn.app.sandbox.TemporalProgram;

/** A server dies in the middle of an import, and the next one goes on where it was. */
@Tag("faults")
class ImportFaultTest {

    private static final int ROWS = 100_000;
    private static final int BAD_EVERY = 1_000;
    private static final String SERVER = "server-1";

    @TempDir
    Path temporary;

    @Test
    void an_import_whose_server_is_killed_ends_as_if_nothing_had_been() throws Exception {
        var program = TemporalProgram.find();
        assumeTrue(program.isPresent(), "the program `temporal` is not on this machine");
        try (var installation = new Installation(temporary, program.get(), 1, 0)) {
            var url = installation.urls().getFirst();
            Outside.awaitReady(url);
            var jdbi = installation.jdbi();
            try (var outside = new Outside(installation.urls(), installation.key())) {
                var job = upload(url, installation.key());
                Shop.await("some is done", () -> done(jdbi) > 0);

                installation.kill(SERVER);
                var doneWhenKilled = done(jdbi);
                assertThat(doneWhenKilled).isBetween(1L, ROWS - 1L);
                assertThat(number(
                                jdbi,
                                "select count(*) + done / %d - done from contact, job group by done"
                                        .formatted(BAD_EVERY)))
                        .as("contacts beyond what is said to be done")
                        .isZero();
                // Nobody need wait for the lease to run out.
                jdbi.useHandle(handle -> handle.execute("update job set leased_until = clock_timestamp()"));
                installation.release(SERVER);
                Shop.await("the job has ended", () -> ended(outside, job));

                var report = read(outside, job);
                assertThat(report.get("state").textValue()).isEqualTo("succeeded");
                assertThat(report.get("done").intValue()).isEqualTo(ROWS);
                assertThat(report.get("result").toString())
                        .isEqualTo("{\"created\":%d,\"updated\":0,\"rejected\":%d}"
                                .formatted(ROWS - ROWS / BAD_EVERY, ROWS / BAD_EVERY));
                assertThat(report.get("problems").findValues("line").stream().map(JsonNode::intValue))
                        .containsExactlyElementsOf(IntStream.rangeClosed(1, ROWS / BAD_EVERY)
                                .map(number -> number * BAD_EVERY + 1)
                                .boxed()
                                .toList());
                assertThat(number(jdbi, "select count(*) from contact where email like 'shopper%'"))
                        .isEqualTo(ROWS - ROWS / BAD_EVERY);
                assertThat(number(jdbi, "select attempt from job")).isEqualTo(2);
            }
        }
    }

    private static String upload(String url, String key) throws Exception {
        var table = new StringBuilder("externalId,email,firstName\n");
        for (var row = 1; row <= ROWS; row++) {
            var address = row % BAD_EVERY == 0 ? "nonsense" : "shopper" + row + "@example.com";
            table.append(row).append(',').append(address).append(",Ada\n");
        }
        var request = HttpRequest.newBuilder(URI.create(url + "/v1/contacts/import"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(table.toString()))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            return "/v1/jobs/" + Json.mapper().readTree(answer.body()).get("id").textValue();
        }
    }

    private static boolean ended(Outside outside, String job) {
        return !read(outside, job).get("endedAt").isNull();
    }

    private static JsonNode read(Outside outside, String job) {
        try {
            return Json.mapper().readTree(outside.insist("GET", job, ""));
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static long done(Jdbi jdbi) {
        return number(jdbi, "select done from job");
    }

    private static long number(Jdbi jdbi, String sql) {
        return jdbi.withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
    }
}
