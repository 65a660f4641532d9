package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.Sojourn;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Everything that can be known of one person, all of it marked; and what is left of that when she is erased. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ErasureTest {

    private static final Path directory = temporary();
    private static final MailCatcher catcher = MailCatcher.start(DataDirectory.open(directory), InstantSource.system());

    @RegisterExtension
    static final App app = new App().with("smtp.port", String.valueOf(catcher.port()));

    private static final MarkedPerson her = new MarkedPerson(app, catcher);
    private static JsonNode figures = NullNode.instance;

    private static Path temporary() {
        try {
            return Files.createTempDirectory("erasure");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @AfterAll
    static void close() throws IOException {
        catcher.close();
    }

    @BeforeAll
    static void everything_is_known_of_her() throws Exception {
        ((Sojourn) app.support().getApplication()).erasure().add(new MailErasure(catcher));
        her.appear();
        settled();
        figures = her.send("GET", "/v1/journeys/hello/insights", null, 200).json();
        assertThat(catcher.count()).isEqualTo(4);
        assertThat(marked()).hasSizeGreaterThan(20);

        app.request("DELETE", "/v1/contacts/external:qqzx-id").expect(204);
    }

    @Test
    @Order(1)
    void no_table_has_a_mark_of_her() throws Exception {
        settled();

        assertThat(marked()).isEmpty();
    }

    @Test
    @Order(2)
    void no_mail_of_hers_is_left_and_the_others_keep_their_ids() throws Exception {
        assertThat(Files.readString(directory.resolve("mails").resolve("mails.log"), StandardCharsets.ISO_8859_1))
                .doesNotContainIgnoringCase(MarkedPerson.MARK);
        assertThat(catcher.count()).isEqualTo(1);
        assertThat(catcher.find(4).orElseThrow().subject()).isEqualTo("[Test] Hello");
        assertThat(catcher.find(1)).isEmpty();
        try (var log = MailLog.open(directory.resolve("mails").resolve("mails.log"))) {
            assertThat(log.size()).isEqualTo(1);
            assertThat(log.find(4)).isPresent();
        }
    }

    @Test
    @Order(3)
    void figures_still_count_her() throws Exception {
        Eventually.holds(() -> app.request("GET", "/v1/journeys/hello/insights")
                        .json()
                        .get("inProgress")
                        .intValue()
                == 0);
        var now = her.send("GET", "/v1/journeys/hello/insights", null, 200).json();

        assertThat(now.get("entered")).isEqualTo(figures.get("entered"));
        assertThat(now.at("/tiles/mail/sent").intValue()).isEqualTo(1);
        assertThat(now.at("/tiles/mail/opens")).isEqualTo(figures.at("/tiles/mail/opens"));
        assertThat(now.at("/tiles/mail/clicks")).isEqualTo(figures.at("/tiles/mail/clicks"));
        assertThat(figures.at("/tiles/mail/opens/total").intValue()).isEqualTo(1);
        assertThat(now.at("/stopped/byReason").toString())
                .as("before: %s", figures)
                .isEqualTo("{\"contact-erased\":1}");
        var registration = her.send("GET", "/v1/profiles/event_registration", null, 200)
                .json()
                .at("/items/0");
        assertThat(registration.get("externalId").isNull()).isTrue();
        assertThat(registration.get("attributes").toString())
                .isEqualTo("{\"event\":\"fair\",\"status\":\"attended\",\"registeredAt\":\"2026-11-01T08:00:00Z\"}");
        assertThat(her.send("GET", "/v1/profiles/ticket/external:t1", null, 200)
                        .json()
                        .at("/attributes/of"))
                .isEqualTo(registration.get("id"));
    }

    @Test
    @Order(4)
    void what_others_did_stays_without_her_name_and_segments_follow() throws Exception {
        assertThat(texts("select coalesce(properties::text, '-') from interaction where id like 'b-%' order by id"))
                .containsExactly("{\"note\": \"Hi\"}", "-", "-", "{\"who\": \"bob\"}");
        Eventually.holds(() -> !her.isMember("called", "bob"));
    }

    @Test
    @Order(5)
    void none_of_the_addresses_that_she_is_known_to_have_had_is_written_to() {
        var had = new ArrayList<String>();
        for (var address : List.of("first", "second", "third", "told", "loser", "late")) {
            had.add("qqzx-" + address + "@example.com");
        }

        var refused = her.post("/v1/messages/hello/test-send", Map.of("contact", "external:bob", "to", had), 422);

        assertThat(refused.json().get("errors").findValuesAsText("code"))
                .hasSize(6)
                .containsOnly("do-not-contact");
        assertThat(texts("select count(*)::text from former_address")).containsExactly("0");
    }

    /** The rows of all tables in which the mark is found, as text or as bytes, by table. */
    private static List<String> marked() {
        var bytes = new StringBuilder();
        for (var letter : MarkedPerson.MARK.getBytes(StandardCharsets.US_ASCII)) {
            bytes.append(Integer.toHexString(letter));
        }
        var found = new ArrayList<String>();
        for (var table : texts("""
                select table_name from information_schema.tables
                where table_schema = 'public' and table_type = 'BASE TABLE' order by 1
                """)) {
            for (var row : texts("select to_jsonb(t)::text from \"" + table + "\" t")) {
                var lower = row.toLowerCase(Locale.ROOT);
                var asked = table.equals("segment") && row.contains("\"key\": \"called\"");
                if (!asked && (lower.contains(MarkedPerson.MARK) || lower.contains(bytes))) {
                    found.add(table + ": " + row);
                }
            }
        }
        return found;
    }

    /** Until nobody has anything left to do about what happened. */
    private static void settled() throws InterruptedException {
        Eventually.holds(() -> texts("select (select count(*) from change) + (select count(*) from record_change)"
                        + " + (select count(*) from membership_change) + (select count(*) from run_signal)")
                .equals(List.of("0")));
    }

    private static List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
