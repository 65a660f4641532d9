package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sojourn.app.sandbox.TemporalProgram;

/**
 * Two servers and two workers side by side on one database, and parts that are away for a while: what is sent is taken,
 * what is due waits, and in the end everything has happened once.
 */
@Tag("faults")
class OutageTest {

    private static final int PEOPLE = 60;

    @TempDir
    Path temporary;

    @Test
    void without_temporal_and_mail_server_everything_is_taken_and_done_when_they_are_back() throws Exception {
        var program = TemporalProgram.find();
        assumeTrue(program.isPresent(), "the program `temporal` is not on this machine");
        try (var installation = new Installation(temporary, program.get(), 2, 2)) {
            installation.urls().forEach(Outside::awaitReady);
            try (var outside = new Outside(installation.urls(), installation.key())) {
                Shop.open(outside);
                var jdbi = installation.jdbi();
                var crowd = new Crowd(outside, installation.mailbox, PEOPLE, 1, Duration.ofSeconds(20));
                var living = crowd.live();
                Outside.pause(Duration.ofSeconds(5));
                installation.kill("temporal");
                Shop.await("no mail is in hand", () -> deliveries(jdbi, "handing-over") == 0);
                installation.mailbox.downWhile(() -> {
                    Outside.pause(Duration.ofSeconds(6));
                    installation.release("temporal");
                    Shop.await("emails wait", () -> deliveries(jdbi, "reserved") > 0);
                    Outside.pause(Duration.ofSeconds(5));
                    assertThat(count(jdbi, "select count(*) from run where status = 'failed'"))
                            .isZero();
                });
                living.join();

                Shop.await("everybody has entered", () -> Books.runs(jdbi) == PEOPLE);
                Shop.await("every run has ended", () -> Books.open(jdbi) == 0);
                Shop.await("nothing is on its way", () -> Books.waiting(jdbi) == 0);
                var books = new Books(jdbi, installation.mailbox.mails(), crowd.orders);
                System.out.println("faults: after outages, " + books.summary());
                assertThat(outside.refused()).as("requests refused").isZero();
                books.deliveriesAreTrue(List.of());
                books.runsEndedAsTheyShould();
                books.nothingWasLostOrAppliedTwice(PEOPLE);
                books.figuresAddUp(PEOPLE);
            }
        }
    }

    private static long deliveries(Jdbi jdbi, String state) {
        return count(jdbi, "select count(*) from delivery where state = '" + state + "'");
    }

    private static long count(Jdbi jdbi, String sql) {
        return jdbi.withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
    }
}
