package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.Database;

/** As many segments as the quota allows, each built on the one before. */
class SegmentChainTest {

    private static final int LENGTH = 1_000;
    private static final int MADE_LIVE = 50;

    @RegisterExtension
    static final Database database = new Database();

    private Engine engine;
    private long ada;

    /** All but the last are made live by hand, which saves a thousand evaluations. */
    @BeforeEach
    void chain() {
        engine = new Engine(database.jdbi());
        ada = engine.contact(20);
        engine.segment("c0", "PROFILE(contact).FILTER(age >= 18)");
        database.jdbi().useTransaction(handle -> {
            handle.execute("""
                    insert into segment (key, name, kind, time_zone, query, state, scope, tags,
                                         created_at, created_by, updated_at, updated_by)
                    select 'c' || number, 'c' || number, kind, time_zone, 'SEGMENT(c' || number - 1 || ')', state, scope, tags,
                           created_at, created_by, updated_at, updated_by
                    from segment, generate_series(1, ?) as number
                    """, LENGTH - 1);
            handle.execute("""
                    update segment set state = 'live', first_live_at = ?, next_evaluation_at = ?
                    where substr(key, 2)::int < ?
                    """, Engine.START, Engine.START.plus(Duration.ofDays(1)), LENGTH - MADE_LIVE);
            handle.execute(
                    "insert into membership select id, ?, ? from segment where state = 'live'", ada, Engine.START);
        });
        IntStream.range(LENGTH - MADE_LIVE, LENGTH).forEach(number -> engine.goLive("c" + number));
        engine.settle();
    }

    @Test
    void a_change_goes_through_a_chain_of_a_thousand_segments() {
        assertThat(engine.members("c" + (LENGTH - 1))).containsExactly(ada);
        assertThat(explain().belongs()).isTrue();
        engine.setAge(ada, 3);

        var began = System.nanoTime();
        engine.settle();
        var took = Duration.ofNanos(System.nanoTime() - began);

        assertThat(took).isLessThan(Answer.SOON);
        assertThat(explain().belongs()).isFalse();
        for (var number = 0; number < LENGTH; number += 111) {
            assertThat(engine.members("c" + number)).as("c" + number).isEmpty();
        }
        assertThatThrownBy(() -> {
                    engine.editor.edit("c0", null, Engine.TEST);
                    engine.editor.replace(
                            "c0",
                            NewSegment.of("c0", SegmentKind.DYNAMIC, "SEGMENT(c" + (LENGTH - 1) + ")"),
                            "\"" + engine.get("c0").version() + "\"",
                            Engine.TEST);
                })
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.errors())
                                .singleElement()
                                .satisfies(error -> assertThat(error.code()).isEqualTo("cycle")));
    }

    private Explanations.Answer explain() {
        var questions =
                new Questions(engine.jdbi, engine.vocabulary, engine.scopes, () -> engine.now, Duration.ofSeconds(10));
        return new Explanations(questions, new Contacts(), engine.states)
                .explain(
                        Asked.of(engine.get("c" + (LENGTH - 1))),
                        engine.jdbi.withHandle(handle -> handle.createQuery("select uuid from contact where id = ?")
                                .bind(0, ada)
                                .mapTo(String.class)
                                .one()),
                        new Caller(new UUID(0, 0), "test", Role.VIEWER));
    }
}
