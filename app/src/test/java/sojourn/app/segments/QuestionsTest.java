package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneOffset;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.testing.Database;

class QuestionsTest {

    private static final Asked EVERYBODY = Asked.of("PROFILE(contact)", ZoneOffset.UTC);

    @RegisterExtension
    static final Database database = new Database();

    private static Questions questions(Duration limit) {
        var jdbi = database.jdbi();
        return new Questions(jdbi, new Vocabulary(jdbi), new Scopes(true), () -> Engine.START, limit);
    }

    private static int sleep(Handle handle) {
        return handle.createQuery("select 1 from pg_sleep(1)")
                .mapTo(Integer.class)
                .one();
    }

    @Test
    void what_takes_too_long_is_given_up() {
        var impatient = questions(Duration.ofMillis(200));

        assertThat(impatient.tryToAsk(EVERYBODY, question -> sleep(question.handle())))
                .isEmpty();
        assertThatThrownBy(() -> impatient.ask(EVERYBODY, question -> sleep(question.handle())))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.UNAVAILABLE));
        assertThatThrownBy(() -> impatient.read(QuestionsTest::sleep)).isInstanceOf(Problem.class);
        int answer = questions(Duration.ofSeconds(20)).ask(EVERYBODY, question -> sleep(question.handle()));
        assertThat(answer).isEqualTo(1);
    }
}
