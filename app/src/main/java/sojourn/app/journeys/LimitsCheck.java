package sojourn.app.journeys;

import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument.Limits;

/** Whether limits on entry can be kept, and let anybody in. */
final class LimitsCheck {

    private static final int MOST = 1_000_000;

    private final Limits limits;
    private final Findings findings;

    LimitsCheck(Limits limits, Findings findings) {
        this.limits = limits;
        this.findings = findings;
    }

    void check() {
        checkNumber(limits.perHour(), "perHour", MOST);
        checkNumber(limits.perDay(), "perDay", MOST);
        checkNumber(limits.total(), "total", Integer.MAX_VALUE);
        if (limits.weekdays() != null && limits.weekdays().isEmpty()) {
            findings.error(
                    "/limits/weekdays",
                    "empty-window",
                    "Nobody could enter on any day; name some, like monday, or leave them out");
        }
        if (limits.hours() != null
                && limits.hours().from() != null
                && limits.hours().from().equals(limits.hours().to())) {
            findings.error(
                    "/limits/hours", "empty-window", "The hours end when they begin; leave them out for all day");
        }
        if (limits.expiry() != null && limits.expiry().isZero()) {
            findings.error(
                    "/limits/expiry",
                    "missing-duration",
                    "Nobody would wait for a turn; say how long one may take, like P1D, or leave it out");
        }
        if (nothing()) {
            findings.warning(
                    null, "/limits", "no-limit", "These limits hold nobody back; a perHour, perDay or total would");
        }
    }

    private boolean nothing() {
        return limits.perHour() == null
                && limits.perDay() == null
                && limits.total() == null
                && limits.weekdays() == null
                && limits.hours() == null;
    }

    private void checkNumber(@Nullable Integer number, String field, int most) {
        if (number != null && (number < 1 || number > most)) {
            findings.error("/limits/" + field, "out-of-range", field + " is from 1 to " + most);
        }
    }
}
