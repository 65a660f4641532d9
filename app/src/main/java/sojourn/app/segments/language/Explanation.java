package sojourn.app.segments.language;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a part of a query says of one contact, and why.
 *
 * @param is what the part is, as in the tree of a query; {@code having} for one of those
 * @param text of a block, a having or a single condition; null of what only joins others
 * @param holds true or false; of a condition on interactions, whether any of them passes
 * @param since from when on it has been so without a break; null when that is not known, or has never been otherwise
 * @param until when the clock alone will change it, if nothing happens; null when that is not known, or never
 * @param values what was seen, by the text of what asks for it; null for what is not there. Of a condition on
 *     interactions, what the newest of them has
 * @param interactions how many were looked at and how many were left; null where none are looked at
 * @param records the same of records related to the contact, one hop further away at each part
 * @param window what a having looks at; null elsewhere
 * @param parts of which it is made; of {@code except} the first without the others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Explanation(
        String is,
        @Nullable String text,
        boolean holds,
        @Nullable Instant since,
        @Nullable Instant until,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> values,
        @Nullable Looked interactions,
        @Nullable Looked records,
        @Nullable Looking window,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Explanation> parts) {

    public Explanation {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        parts = List.copyOf(parts);
    }

    /**
     * How many interactions were looked at and how many of them were left. A block looks at those of its types, and
     * leaves those that pass its filters; of related records, those that pass theirs and lead on to where the block begins;
     * a condition looks at those of its block; a having at those that the block has
     * left, and leaves those in its window.
     */
    public record Looked(int seen, int left) {}

    /** The interactions with {@code after < occurredAt <= until}; without {@code after}, all since ever. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Looking(@Nullable Instant after, Instant until) {}

    static Explanation joining(String is, boolean holds, List<Explanation> parts) {
        return new Explanation(is, null, holds, null, null, Map.of(), null, null, null, parts);
    }

    Explanation until(@Nullable Instant flip) {
        return new Explanation(is, text, holds, since, flip, values, interactions, records, window, parts);
    }
}
