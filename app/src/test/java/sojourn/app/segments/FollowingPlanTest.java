package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.segments.language.Follow;
import sojourn.app.segments.language.Needs;
import sojourn.testing.Database;

/** The contacts of what names a changed record are looked up, however many interactions there are. */
class FollowingPlanTest {

    @RegisterExtension
    final Database database = new Database();

    @Test
    void interactions_are_found_by_the_names_that_they_have() {
        var engine = new Engine(database.jdbi());
        database.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into profile (type_id, external_id, created_at, updated_at)
                    select (select id from profile_type where key = 'product'), 'p' || i, now(), now() from generate_series(1, 5000) i
                    """);
            handle.execute("""
                    insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id, lookups)
                    select i % 5000, now(), now(), (select id from interaction_type where key = 'Purchase'), gen_random_uuid(),
                           i::text, jsonb_build_object('product', 'p' || i % 5000)
                    from generate_series(1, 50000) i
                    """);
            handle.execute("vacuum analyze interaction, profile");
            var words = engine.vocabulary.read(handle);
            var following = new Needs.Following(List.of("Purchase"), new Follow("product", "product"));
            var first = handle.select("select min(id) from profile")
                    .mapTo(Long.class)
                    .one();

            var statement = FollowingContacts.contacts(words, following, List.of(first, first + 1), List.of("p3"));

            assertThat(String.join(
                            "\n",
                            Statement.of("explain ")
                                    .add(statement)
                                    .query(handle)
                                    .mapTo(String.class)
                                    .list()))
                    .contains("lookups_idx")
                    .doesNotContain("Seq Scan on interaction");
            assertThat(statement.query(handle).mapTo(Long.class).list()).containsExactlyInAnyOrder(1L, 2L, 3L);
        });
    }
}
