package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Counts whom a segment would have, without storing anything. */
final class Estimates {

    private static final int SAMPLE_PERCENT = 1;

    private final Questions questions;

    Estimates(Questions questions) {
        this.questions = questions;
    }

    /**
     * How many contacts.
     *
     * @param exact whether all were counted; otherwise a sample was, within {@code margin} 19 times out of 20
     */
    record Estimate(
            long count,
            boolean exact,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Long margin) {}

    /** Counts all; a sample when that takes too long. */
    Estimate of(Asked asked) {
        return questions
                .tryToAsk(asked, question -> new Estimate(count(question, ""), true, null))
                .or(() -> questions.tryToAsk(
                        asked, question -> fromSample(count(question, "tablesample system (" + SAMPLE_PERCENT + ")"))))
                .orElseThrow(questions::tookTooLong);
    }

    private static Estimate fromSample(long found) {
        var scale = 100 / SAMPLE_PERCENT;
        return new Estimate(found * scale, false, Math.round(1.96 * Math.sqrt((double) Math.max(found, 1)) * scale));
    }

    private static long count(Question question, String sample) {
        return Statement.of("select count(*)")
                .add(question.contacts(sample))
                .query(question.handle())
                .mapTo(Long.class)
                .one();
    }
}
