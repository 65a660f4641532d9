package sojourn.app.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody said about a purpose.
 *
 * @param contactPoint null for those who may not see it
 * @param state {@code in} or {@code out}
 * @param source where it was said, e.g. {@code one-click} or {@code api}
 */
public record Consent(@Nullable String contactPoint, String purpose, String state, String source, Instant at) {

    boolean isOut() {
        return state.equals(Consents.OUT);
    }

    Consent withoutContactPoint() {
        return new Consent(null, purpose, state, source, at);
    }
}
