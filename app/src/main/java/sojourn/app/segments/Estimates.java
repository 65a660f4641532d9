package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Counts whom a segment would have, without storing anything. */
final class Estimates {

    private static final int SAMPLE_PERCENT = 1;

    /** Standard deviations within which 19 of 20 lie. */
    private static final double Z = 1.96;

    private final Questions questions;

    Estimates(Questions questions) {
        this.questions = questions;
    }

    /**
     * How many contacts.
     *
     * @param exact whether all were counted; otherwise a sample was, within {@code margin} 19 times out of 20
     * @param edit true when it is of the edit beside a segment; null when it is not
     */
    record Estimate(
            long count,
            boolean exact,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long margin,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean edit) {

        Estimate ofEdit() {
            return new Estimate(count, exact, margin, true);
        }
    }

    /** Counts all; a sample when that takes too long. */
    Estimate of(Asked asked) {
        return questions
                .tryToAsk(asked, question -> new Estimate(count(question, question.contacts()), true, null, null))
                .or(() -> questions.tryToAsk(
                        asked, question -> fromSample(count(question, question.sample(SAMPLE_PERCENT)))))
                .orElseThrow(questions::tookTooLong);
    }

    /**
     * How many there are when so many were found in a sample. The margin is the upper end of Wilson's score interval for a
     * count, which also holds of small ones, and the rule of three where there is none.
     */
    static Estimate fromSample(long found) {
        var scale = 100 / SAMPLE_PERCENT;
        var margin = found == 0 ? 3 : Z * Z / 2 + Z * Math.sqrt(found + Z * Z / 4);
        return new Estimate(found * scale, false, Math.round(margin * scale), null);
    }

    private static long count(Question question, Statement contacts) {
        return Statement.of("select count(*)")
                .add(contacts)
                .query(question.handle())
                .mapTo(Long.class)
                .one();
    }
}
