package sojourn.app.segments;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryException;

/** A query understood, as of one moment, within the transaction in which it is asked about. */
record Question(Handle handle, Vocabulary.Words words, Asked asked, Scope scope, Query query, Instant now) {

    /** Refuses a query that is not understood, with everything that is wrong with it. */
    static Question of(Handle handle, Vocabulary.Words words, Scopes scopes, Asked asked, Instant now) {
        try {
            return new Question(
                    handle,
                    words,
                    asked,
                    scopes.of(handle, asked.scope(), asked.owner()),
                    words.parse(asked.query()),
                    now);
        } catch (QueryException refused) {
            throw Problem.invalid(NewSegment.problems(refused));
        }
    }

    ZoneId zone() {
        return asked.zone();
    }

    /** {@code from contact c where ...}: all whom the query has, to stand behind a SELECT list of the caller's own. */
    Statement contacts() {
        return contacts("", condition(query));
    }

    /**
     * The same of a part of the contacts, drawn one by one, since neighbours in the table mostly came together and are alike.
     * What is not drawn is not looked at: interactions are counted contact by contact.
     */
    Statement sample(int percent) {
        return contacts(
                "tablesample bernoulli (" + percent + ")", Statement.compileForFew(handle, words, query, now, zone()));
    }

    private Statement contacts(String sample, Statement condition) {
        var segment = decided();
        return Statement.of(" from contact c " + sample + " where c.state <> 'erased' and ")
                .add(segment == null ? condition : Belonging.condition(handle, segment.id(), scope, condition));
    }

    /** The segment about whose contacts people may decide; null when there is none. */
    @Nullable
    Segment decided() {
        var segment = asked.segment();
        return segment == null || !segment.isDynamic() ? null : segment;
    }

    /** As conditions on {@code contact c}, what people have decided about contacts of the segment. */
    Map<OverrideKind, Statement> overrides() {
        var segment = decided();
        return segment == null ? Map.of() : Belonging.overrides(handle, segment.id());
    }

    /** Which contacts there can be at all, as a condition on {@code contact c}. */
    Statement inScope() {
        return decided() == null ? Statement.of("true") : scope.condition();
    }

    /** What a block of the query asks of {@code contact c}. */
    Statement condition(Query block) {
        return Statement.compile(handle, words, block, now, zone());
    }
}
