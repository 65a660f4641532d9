package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.PersonalAnswer;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/** Shows whom a query would have, and who would join and leave by it, without storing anything. */
final class Previews {

    private final Questions questions;
    private final ContactStates states;

    Previews(Questions questions, ContactStates states) {
        this.questions = questions;
        this.states = states;
    }

    /**
     * A contact as a preview shows it.
     *
     * @param attributes those that were asked for, by name; null values for what the contact does not have
     */
    record Row(
            UUID contactId,
            @Nullable String externalId,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> attributes) {}

    /** The first contacts, in the order in which contacts were made. */
    record Preview(List<Row> items) implements PersonalAnswer {
        @Override
        public @Nullable UUID contactId() {
            return null;
        }
    }

    /** How many would join and leave now, and the first of each. */
    record Change(long joining, long leaving, List<Row> joiners, List<Row> leavers) implements PersonalAnswer {
        @Override
        public @Nullable UUID contactId() {
            return null;
        }
    }

    Preview of(Asked asked, ChosenAttributes attributes, int limit) {
        return questions.ask(asked, question -> {
            var ids = Statement.of("select c.id")
                    .add(question.contacts())
                    .add(Statement.of(" order by c.id limit ?", limit))
                    .query(question.handle())
                    .mapTo(Long.class)
                    .list();
            return new Preview(rows(question.handle(), ids, attributes));
        });
    }

    /** What the query of a dynamic segment, that of its edit where there is one, would make of its membership. */
    Change ofEdit(Segment segment, ChosenAttributes attributes, int limit) {
        if (!segment.isDynamic()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "Segment " + segment.key() + " is static; there is no query that could change its members");
        }
        return questions.ask(Asked.ofNext(segment), question -> {
            var delta = delta(question, segment.id(), limit);
            return new Change(
                    delta.joining(),
                    delta.leaving(),
                    rows(question.handle(), delta.joiners(), attributes),
                    rows(question.handle(), delta.leavers(), attributes));
        });
    }

    private record Delta(long joining, long leaving, List<Long> joiners, List<Long> leavers) {}

    private static Delta delta(Question question, int segment, int limit) {
        return Statement.of("with delta as materialized ("
                        + "select coalesce(due.id, m.contact_id) as id, due.id is not null as joins from (select c.id")
                .add(question.contacts())
                .add(Statement.of("""
                        ) as due
                            full join (select contact_id from membership where segment_id = ?) as m
                              on m.contact_id = due.id
                            where due.id is null or m.contact_id is null)
                        select count(*) filter (where joins), count(*) filter (where not joins),
                               array(select id from delta where joins order by id limit ?),
                               array(select id from delta where not joins order by id limit ?)
                        from delta
                        """, segment, limit, limit))
                .query(question.handle())
                .map((row, _) -> new Delta(
                        row.getLong(1),
                        row.getLong(2),
                        List.of((Long[]) row.getArray(3).getArray()),
                        List.of((Long[]) row.getArray(4).getArray())))
                .one();
    }

    /** In the order of the ids. */
    private List<Row> rows(Handle handle, List<Long> ids, ChosenAttributes attributes) {
        var values = attributes.read(handle, states, ids);
        return handle.createQuery("select id, uuid, external_id from contact where id = any(:ids) order by id")
                .bind("ids", ids.toArray(Long[]::new))
                .map((row, _) -> new Row(
                        row.getObject(2, UUID.class), row.getString(3), values.getOrDefault(row.getLong(1), Map.of())))
                .list();
    }
}
