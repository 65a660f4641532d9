package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Growth is held against a recount of the stays that were stored, period by period. */
class SegmentInsightsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:30:00Z");
    private static final long BEGUN = System.nanoTime();

    @RegisterExtension
    static final App app = new App(() -> NOW.plusNanos(System.nanoTime() - BEGUN));

    private final List<Stay> stays = new ArrayList<>();
    private String key = "";

    private record Stay(Instant joined, @Nullable Instant left) {}

    @BeforeEach
    void newKey() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
    }

    private void segment(String zone) {
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static", "timeZone", zone))
                .expect(201);
    }

    /** So many contacts that come and go around a moment, some at full hours, some staying for no time at all. */
    private void storeStays(Instant around, int number) {
        var random = new Random(11);
        for (var contact = 1; contact <= number; contact++) {
            var at = around.minus(30, ChronoUnit.DAYS).plusSeconds(random.nextInt(40 * 86_400));
            while (at.isBefore(NOW)) {
                var joined = random.nextBoolean() ? at : at.truncatedTo(ChronoUnit.HOURS);
                var left = random.nextInt(8) == 0 ? joined : joined.plusSeconds(random.nextInt(20 * 86_400));
                stays.add(new Stay(joined, left.isBefore(NOW) && random.nextInt(10) > 0 ? left : null));
                store(contact, stays.getLast());
                if (stays.getLast().left() == null) {
                    break;
                }
                at = left.plusSeconds(1 + random.nextInt(10 * 86_400));
            }
        }
    }

    private void store(long contact, Stay stay) {
        app.jdbi()
                .useHandle(handle -> handle.createUpdate(
                                stay.left() == null
                                        ? "insert into membership select id, :contact, :joined::timestamptz from segment where key = :key"
                                        : "insert into past_membership select id, :contact, :joined::timestamptz, :left::timestamptz"
                                                + " from segment where key = :key")
                        .bind("key", key)
                        .bind("contact", contact)
                        .bind("joined", stay.joined())
                        .bind("left", stay.left())
                        .execute());
    }

    private JsonNode insights(String query) {
        return app.request("GET", "/v1/segments/" + key + "/insights?" + query)
                .expect(200)
                .json();
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026-10-25, day",
        "Europe/Berlin, 2026-03-29, hour",
        "Europe/Berlin, 2026-10-25, hour",
        "America/Havana, 2026-11-01, day",
        "Australia/Lord_Howe, 2026-04-05, hour",
        "Asia/Kathmandu, 2026-06-01, hour",
        "America/Sao_Paulo, 2026-06-01, week",
    })
    void growth_is_a_recount_of_the_stays_in_each_period(String zone, LocalDate middle, String per) {
        segment(zone);
        var around = middle.atStartOfDay(ZoneId.of(zone)).toInstant();
        storeStays(around, 40);
        var days = per.equals("hour") ? 3 : 40;

        var growth = insights("per=" + per + "&from=" + middle.minusDays(days) + "&to=" + middle.plusDays(3));

        var points = growth.path("points");
        assertThat(points.size()).isGreaterThan(5);
        var size = growth.path("sizeBefore").asLong();
        assertThat(size).isEqualTo(sizeAt(instant(points.get(0).path("at"))));
        for (var index = 0; index < points.size(); index++) {
            var point = points.get(index);
            var begin = instant(point.path("at"));
            var end = instant(index + 1 < points.size() ? points.get(index + 1).path("at") : growth.path("to"));
            var joined = stays.stream()
                    .filter(stay -> isIn(stay.joined(), begin, end))
                    .count();
            var left = stays.stream()
                    .filter(stay -> stay.left() != null && isIn(stay.left(), begin, end))
                    .count();
            assertThat(point.path("joined").asLong())
                    .as("joined from %s", begin)
                    .isEqualTo(joined);
            assertThat(point.path("left").asLong()).as("left from %s", begin).isEqualTo(left);
            size += joined - left;
            assertThat(point.path("size").asLong()).isEqualTo(size).isEqualTo(sizeAt(end));
        }
        assertThat(growth.path("size").asLong()).isEqualTo(size);
        assertThat(growth.path("timeZone").asText()).isEqualTo(zone);
    }

    private static Instant instant(JsonNode node) {
        return Instant.parse(node.asText());
    }

    private static boolean isIn(Instant instant, Instant begin, Instant end) {
        return !instant.isBefore(begin) && instant.isBefore(end);
    }

    /** Those who were in just before: whoever joins or leaves at the moment itself does so in the period it begins. */
    private long sizeAt(Instant moment) {
        return stays.stream()
                .filter(stay -> stay.joined().isBefore(moment)
                        && (stay.left() == null || !stay.left().isBefore(moment)))
                .count();
    }

    @Test
    void days_are_as_longDayas_the_clocks_make_them_and_weeks_begin_on_monday() {
        segment("Europe/Berlin");

        var autumn = insights("from=2026-10-24&to=2026-10-27").path("points").findValuesAsText("at");
        var spring = insights("from=2026-03-28&to=2026-03-31").path("points").findValuesAsText("at");
        var hours = insights("per=hour&from=2026-03-29&to=2026-03-30").path("points");
        var longDay = insights("per=hour&from=2026-10-25&to=2026-10-26").path("points");
        var weeks = insights("per=week&from=2026-10-21T12:00:00Z&to=2026-11-01")
                .path("points")
                .findValuesAsText("at");

        assertThat(autumn).containsExactly("2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
        assertThat(spring).containsExactly("2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
        assertThat(hours.size()).isEqualTo(23);
        assertThat(longDay.size()).isEqualTo(25);
        assertThat(weeks).containsExactly("2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z");
    }

    @Test
    void without_dates_it_is_the_last_thirty_days_and_nothing_of_the_future() {
        segment("UTC");

        var usual = insights("");
        var future = insights("from=2026-11-19&to=2027-01-01");

        assertThat(usual.path("per").asText()).isEqualTo("day");
        assertThat(usual.path("points").size()).isEqualTo(31);
        assertThat(usual.at("/points/30/at").asText()).isEqualTo("2026-11-20T00:00:00Z");
        assertThat(future.path("points").findValuesAsText("at"))
                .containsExactly("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z");
        assertThat(insights("from=2027-01-01&to=2027-02-01").path("points").size())
                .isZero();
    }

    /** Reading the bounds anew for each stay would take half a minute. */
    @Test
    void two_thousand_points_of_many_stays_are_counted_in_no_time() {
        segment("UTC");
        app.jdbi().useHandle(handle -> handle.execute("""
                        insert into past_membership
                        select s.id, 1000 + i, timestamptz '2026-08-20Z' + i * interval '1 minute',
                               timestamptz '2026-08-25Z' + i * interval '1 minute'
                        from segment s, generate_series(1, 60000) i
                        where s.key = ?
                        """, key));

        var answer = app.request(
                "GET", "/v1/segments/" + key + "/insights?per=hour&from=2026-08-20&to=2026-11-11T08:00:00Z");

        var points = answer.expect(200).json().path("points");
        assertThat(points.size()).isEqualTo(2000);
        assertThat(points.get(1).path("joined").asInt()).isEqualTo(60);
        assertThat(points.get(1).path("size").asInt()).isEqualTo(119);
        assertThat(points.findValues("left").stream().mapToInt(JsonNode::asInt).sum())
                .isEqualTo(60_000);
        assertThat(answer.took()).isLessThan(Answer.SOON);
    }

    @Test
    void what_cannot_be_shown_is_refused() {
        segment("UTC");
        var wrong = app.request("GET", "/v1/segments/" + key + "/insights?per=year&from=x&to=2026-13-01")
                .expect(422);
        assertThat(wrong.json().path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/per", "/from", "/to");
        var many = app.request("GET", "/v1/segments/" + key + "/insights?per=hour&from=2026-01-01&to=2026-11-01")
                .expect(422);
        assertThat(many.json().at("/errors/0/code").asText()).isEqualTo("too-many-points");
        assertThat(insights("per=hour&from=2026-08-10T00:00:00Z&to=2026-11-01T08:00:00Z")
                        .path("points")
                        .size())
                .isEqualTo(83 * 24 + 8);
        app.request("GET", "/v1/segments/" + key + "/insights?from=2026-11-01&to=2026-11-01")
                .expect(422);
        app.request("GET", "/v1/segments/no-such/insights").expect(404);
    }

    @Test
    void go_lives_and_evaluations_are_told_with_what_they_found() throws Exception {
        app.request("PUT", "/v1/contacts/external:" + key, Map.of()).expect(201);
        app.request("POST", "/v1/segments", Map.of("key", key, "timeZone", "UTC", "query", "PROFILE(contact)"))
                .expect(201);
        app.request("POST", "/v1/segments/" + key + "/go-live").expect(202);
        await("live");
        app.request("POST", "/v1/segments/" + key + "/stop").expect(202);
        app.request("POST", "/v1/segments/" + key + "/go-live").expect(202);
        await("live");
        app.request("POST", "/v1/segments/" + key + "/evaluate").expect(202);
        for (var looks = 0; evaluations().size() < 3 && looks < 400; looks++) {
            Thread.sleep(50);
        }

        var growth = insights("");
        var evaluations = evaluations();

        assertThat(evaluations.findValuesAsText("kind")).containsExactly("full", "first", "first");
        assertThat(growth.path("goLives").findValuesAsText("kind")).containsExactly("first", "first");
        assertThat(growth.path("goLives").findValuesAsText("at"))
                .containsExactly(
                        evaluations.at("/2/at").asText(),
                        evaluations.at("/1/at").asText());
        assertThat(growth.path("size").asInt()).isEqualTo(1);
        assertThat(growth.at("/points/30/joined").asInt()).isEqualTo(1);
        evaluations.forEach(evaluation -> {
            assertThat(evaluation.fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("at", "took", "size", "joined", "left", "kind", "drift");
            assertThat(evaluation.path("size").asInt()).isEqualTo(1);
            assertThat(evaluation.path("drift").asInt()).isZero();
        });
        assertThat(evaluations.findValuesAsText("joined")).containsExactly("0", "0", "1");
        assertThat(insights("to=2026-11-19").path("goLives").isEmpty()).isTrue();
    }

    private JsonNode evaluations() {
        return app.request("GET", "/v1/segments/" + key + "/evaluations").json().path("items");
    }

    private void await(String state) throws InterruptedException {
        for (var looks = 0; looks < 400; looks++) {
            if (app.request("GET", "/v1/segments/" + key)
                    .json()
                    .path("state")
                    .asText()
                    .equals(state)) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("is not " + state);
    }
}
