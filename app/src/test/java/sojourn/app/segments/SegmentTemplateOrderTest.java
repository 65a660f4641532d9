package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** Saved templates come in the order in which the shipped ones do, where the database sorts as people do, too. */
class SegmentTemplateOrderTest {

    private static final List<String> KEYS = List.of("a-z", "a_b", "ab", "ab-c", "abc", "b-a", "b_a", "ba");

    @RegisterExtension
    static final Database database = new Database();

    @Test
    void keys_are_ordered_letter_by_letter() {
        database.jdbi().useHandle(handle -> {
            handle.execute("alter table segment_template alter column key type text collate \"und-x-icu\"");
            for (var key : KEYS) {
                handle.execute("""
                        insert into segment_template (key, name, category, query, parameters, created_at, created_by)
                        values (?, '', '', 'PROFILE(contact)', '[]', now(), 'test')
                        """, key);
            }
        });

        var templates = database.jdbi().onDemand(SegmentTemplateDao.class);

        assertThat(templates.list("", null, null, 100))
                .extracting(SegmentTemplateDao.Row::key)
                .isEqualTo(KEYS.stream().sorted().toList());
        assertThat(templates.list("a_b", null, null, 2))
                .extracting(SegmentTemplateDao.Row::key)
                .containsExactly("ab", "ab-c");
    }
}
