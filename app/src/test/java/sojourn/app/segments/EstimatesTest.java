package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.testing.Database;

/** What is answered when the exact count takes too long: a sample, and how far it may be off. */
class EstimatesTest {

    private static final int CONTACTS = 20_000;

    @RegisterExtension
    static final Database database = new Database();

    private final List<String> asked = new ArrayList<>();
    private final AtomicBoolean tooLong = new AtomicBoolean(true);
    private Estimates estimates;

    /** As people come: first all the young, then all the old, so that a page of the table knows one kind alone. */
    @BeforeEach
    void crowd() {
        estimates = new Estimates(questions(impatient()));
        new Engine(database.jdbi());
        database.jdbi().useTransaction(handle -> {
            handle.execute("delete from contact");
            handle.execute("""
                    insert into contact (attributes, created_at, updated_at)
                    select jsonb_build_object('age', n * 100 / ?), now(), now() from generate_series(0, ? - 1) n
                    """, CONTACTS, CONTACTS);
        });
    }

    private static Questions questions(Jdbi jdbi) {
        return new Questions(jdbi, new Vocabulary(jdbi), new Scopes(true), () -> Engine.START, Duration.ofSeconds(60));
    }

    /** Behaves as if the database had given up every count but that of a sample. */
    private Jdbi impatient() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                var sql = String.valueOf(context.getRenderedSql());
                if (sql.startsWith("select count(*)")) {
                    asked.add(sql);
                    if (tooLong.get() && !sql.contains("tablesample")) {
                        throw new UnableToExecuteStatementException(new SQLException("too long", "57014"), context);
                    }
                }
            }
        });
        return jdbi;
    }

    private Estimates.Estimate of(String query) {
        return estimates.of(Asked.of(query, ZoneOffset.UTC));
    }

    @Test
    void all_are_counted_where_there_is_time() {
        tooLong.set(false);

        assertThat(of("PROFILE(contact).FILTER(age < 30)"))
                .isEqualTo(new Estimates.Estimate(CONTACTS * 30 / 100, true, null, null));
    }

    @Test
    void a_sample_says_that_it_is_one_and_how_far_it_may_be_off() {
        var estimate = of("PROFILE(contact).FILTER(age < 50)");

        assertThat(estimate.exact()).isFalse();
        assertThat(estimate.margin()).isNotNull().isBetween(1_000L, 4_000L);
        var off = Math.abs(estimate.count() - CONTACTS / 2);
        assertThat(off).as("three times the margin is never passed").isLessThan(6_500);
    }

    @Test
    void who_is_not_in_the_sample_may_still_be_there() {
        assertThat(of("PROFILE(contact).FILTER(age < 0)")).isEqualTo(new Estimates.Estimate(0, false, 300L, null));
    }

    @Test
    void the_margin_holds_of_few_as_of_many() {
        assertThat(Estimates.fromSample(1).margin()).isEqualTo(467);
        assertThat(Estimates.fromSample(100).margin()).isEqualTo(2161);
        assertThat(Estimates.fromSample(1_000_000).margin()).isEqualTo(196_192);
    }

    @Test
    void a_sample_counts_the_interactions_of_those_who_are_drawn_alone() {
        of("INTERACTION(Purchase).HAVING(COUNT() >= 3)");

        assertThat(asked).hasSize(2);
        assertThat(asked.getFirst()).doesNotContain("i.contact_id = c.id");
        assertThat(asked.getLast()).contains("tablesample bernoulli", "i.contact_id = c.id and");
    }
}
