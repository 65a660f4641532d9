package sojourn.app.segments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Fold;
import sojourn.app.platform.Json;
import sojourn.app.segments.language.NamedRecord;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;

/**
 * What segments know of the product's own records that interactions name. Later features tell them whenever a version goes
 * live.
 */
public final class NamedRecords {

    private static final ObjectMapper JSON = Json.mapper();

    private final Vocabulary vocabulary;
    private final InstantSource clock;

    public NamedRecords(Jdbi jdbi, InstantSource clock) {
        this.vocabulary = new Vocabulary(jdbi);
        this.clock = clock;
    }

    /**
     * Stores what is asked of a record, in the transaction that makes it so. Where that differs from before, segments that
     * ask about such records are evaluated in full.
     *
     * @param values texts and lists of texts by the names of {@link NamedRecord#attributes}; what is null is left out
     */
    public void put(Handle handle, NamedRecord kind, String key, Map<String, @Nullable Object> values) {
        var known = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> {
            if (value != null && !value.equals("") && !value.equals(List.of())) {
                known.put(name, value);
            }
        });
        var folded = new LinkedHashMap<String, Object>();
        known.forEach((name, value) -> folded.put(name, Fold.value(value)));
        var changed = handle.createUpdate("""
                        insert into named_record (kind, key, attributes, folded)
                        values (:kind, :key, :attributes::jsonb, :folded::jsonb)
                        on conflict (kind, key) do update set attributes = excluded.attributes, folded = excluded.folded
                        where named_record.attributes <> excluded.attributes
                        """)
                .bind("kind", kind.property())
                .bind("key", key)
                .bind("attributes", json(known))
                .bind("folded", json(folded))
                .execute();
        if (changed > 0) {
            lookAgain(handle, kind, clock.instant().truncatedTo(ChronoUnit.MICROS));
        }
    }

    /** Has segments evaluated that follow interactions to such records, by an edit that waits to be saved too. */
    private void lookAgain(Handle handle, NamedRecord kind, Instant at) {
        // Nobody goes live, or saves an edit, with what was before.
        Locks.definitions(handle);
        var words = vocabulary.read(handle);
        var segments = handle.attach(SegmentDao.class);
        var concerned = segments.mentioning("interaction").stream()
                .filter(segment -> References.queries(segment).stream()
                        .flatMap(query -> words.parseIfUnderstood(query).stream())
                        .anyMatch(query -> follow(query, kind)))
                .mapToInt(Segment::id)
                .toArray();
        segments.redefine(concerned, at);
    }

    private static boolean follow(Query query, NamedRecord kind) {
        return Needs.of(query).follows().stream()
                .anyMatch(following ->
                        following.follow().named().filter(kind::equals).isPresent());
    }

    private static String json(Map<String, Object> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
