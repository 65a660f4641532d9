package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;
import sojourn.testing.Database;

/** Declarations are kept between reads, and never those that a transaction does not see. */
class VocabularyTest {

    @RegisterExtension
    final Database database = new Database();

    private Vocabulary vocabulary;

    @BeforeEach
    void nothingRead() {
        vocabulary = new Vocabulary(database.jdbi());
    }

    @Test
    void what_has_not_changed_is_not_read_again() {
        var words = vocabulary.read();

        assertThat(vocabulary.read()).isSameAs(words);
    }

    @Test
    void each_transaction_gets_what_it_sees() {
        try (var declaring = database.jdbi().open();
                var other = database.jdbi().open()) {
            declaring.begin();
            declaring.execute("""
                    insert into profile_attribute (profile_type, key, type, position) values ('contact', 'shoe', 'number', 100)
                    """);

            assertThat(knowsShoes(other)).isFalse();
            assertThat(knowsShoes(declaring)).isTrue();
            assertThat(knowsShoes(other)).isFalse();
            declaring.commit();
            assertThat(knowsShoes(other)).isTrue();

            declaring.execute("update profile_attribute set type = 'text' where key = 'shoe'");
            assertThat(vocabulary.read(other).catalog().contactAttributes())
                    .containsEntry("shoe", Declaration.of(ValueType.TEXT));
        }
    }

    @Test
    void a_segment_is_known_as_soon_as_it_is_there() {
        vocabulary.read();
        database.jdbi().useHandle(handle -> handle.execute("""
                insert into segment (key, name, kind, state, time_zone, created_at, created_by, updated_at, updated_by)
                values ('vip', 'VIP', 'static', 'draft', 'UTC', now(), 'ada', now(), 'ada')
                """));

        assertThat(vocabulary.read().catalog().segmentKeys()).contains("vip");
    }

    private boolean knowsShoes(Handle handle) {
        return vocabulary.read(handle).catalog().contactAttributes().containsKey("shoe");
    }
}
