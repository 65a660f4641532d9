package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** Whose workflow is started next. */
class RunTurnsTest {

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Journey journeyOf(String key, int contacts) {
        var segment = world.segment(key + "-audience");
        var journey = world.live(key, """
                {"audience": {"segments": ["%s-audience"]}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}
                """.formatted(key));
        IntStream.range(0, contacts).forEach(n -> world.joins(world.contact(key + n), segment));
        while (world.runs(journey).size() < contacts) {
            world.takeMembership();
        }
        return journey;
    }

    private List<String> claim(int limit) {
        var now = world.clock.instant();
        return database.jdbi()
                .withHandle(handle -> new RunTurns(handle)
                        .claim(now.plusSeconds(1), now.plus(Duration.ofMinutes(1)), limit).stream()
                                .map(RunStarter.Due::journey)
                                .toList());
    }

    @Test
    void a_large_journey_that_came_first_holds_up_no_small_one() {
        journeyOf("large", 60);
        journeyOf("small", 3);

        assertThat(claim(8)).filteredOn("small"::equals).hasSize(3);
    }

    @Test
    void all_come_to_their_turn_and_each_is_claimed_once() {
        journeyOf("large", 20);
        journeyOf("small", 5);

        var claimed = new ArrayList<String>();
        for (var some = claim(8); !some.isEmpty(); some = claim(8)) {
            claimed.addAll(some);
        }

        assertThat(claimed).hasSize(25);
        assertThat(claimed.subList(0, 8)).filteredOn("small"::equals).hasSize(4);
    }

    @Test
    void who_claims_beside_another_gets_others() {
        journeyOf("large", 20);
        var now = world.clock.instant();

        database.jdbi().useTransaction(handle -> {
            var mine = new RunTurns(handle).claim(now.plusSeconds(1), now.plusSeconds(60), 8);
            assertThat(mine).hasSize(8);
            assertThat(claim(8)).as("of the same journey").hasSize(8);
        });
    }
}
