package sojourn.app.journeys;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.SendingTile;

/** What a test lacks by itself. */
final class AbTestCheck {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal FIFTY = BigDecimal.valueOf(50);

    private final JourneyDocument journey;
    private final JourneyCheck.Names names;
    private final SendingCheck sendings;
    private final Findings findings;

    AbTestCheck(JourneyDocument journey, JourneyCheck.Names names, SendingCheck sendings, Findings findings) {
        this.journey = journey;
        this.names = names;
        this.sendings = sendings;
        this.findings = findings;
    }

    void check(String id, String pointer, AbTest test) {
        checkVariants(id, pointer, test);
        if (test.sends() != null) {
            checkSends(id, pointer + "/sends", test, test.sends());
        }
        checkMetric(id, pointer, test);
        checkEnd(id, pointer + "/end", test.end());
        checkFallback(id, pointer + "/fallback", test);
    }

    /** A tile that sends variants which nobody decides between: the test that it makes, and how it sends. */
    void checkSending(String id, String pointer, AbTest test) {
        checkVariants(id, pointer, test);
        if (test.sends() != null) {
            checkSends(id, pointer, test, test.sends());
        }
    }

    private void checkVariants(String id, String pointer, AbTest test) {
        if (test.all().size() < 2) {
            findings.error(id, pointer + "/variants", "too-few-variants", "Two variants or more would fit");
        }
        checkNames(id, pointer, test);
        checkShares(id, pointer, test);
        for (var index = 0; index < test.all().size(); index++) {
            checkVariant(id, pointer + "/variants/" + index, test, test.all().get(index));
        }
    }

    private void checkNames(String id, String pointer, AbTest test) {
        var seen = new HashSet<String>();
        var whats = new HashSet<List<@Nullable Object>>();
        for (var index = 0; index < test.all().size(); index++) {
            var variant = test.all().get(index);
            var at = pointer + "/variants/" + index;
            if (variant.name() == null || variant.name().isBlank()) {
                findings.error(id, at + "/name", "missing-name", "Name the variant: its figures hang on the name");
            } else if (!seen.add(variant.name())) {
                findings.error(
                        id,
                        at + "/name",
                        "duplicate-name",
                        "Another variant of this tile is called '" + variant.name() + "'");
            }
            var what = Arrays.<@Nullable Object>asList(
                    variant.message(), variant.subject(), variant.preheader(), variant.from(), variant.next());
            if (!whats.add(what)) {
                findings.warning(id, at, "same-variant", "Another variant is the same but for its name");
            }
        }
    }

    private void checkShares(String id, String pointer, AbTest test) {
        var shares = test.all().stream()
                .map(AbTest.Variant::share)
                .filter(Objects::nonNull)
                .toList();
        if (shares.isEmpty()) {
            return;
        }
        for (var index = 0; index < test.all().size(); index++) {
            var share = test.all().get(index).share();
            var at = pointer + "/variants/" + index + "/share";
            if (share == null) {
                findings.error(id, at, "missing-share", "Give each variant a share, or none: then all are alike");
            } else if (share.signum() <= 0 || share.stripTrailingZeros().scale() > 2) {
                findings.error(
                        id, at, "out-of-range", "A share is more than 0 and has two decimals at most, like 33.33");
            }
        }
        var sum = shares.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        if (shares.size() == test.all().size() && sum.compareTo(HUNDRED) != 0) {
            findings.error(
                    id,
                    pointer + "/variants",
                    "shares-not-100",
                    "The shares add up to " + sum.toPlainString() + "; they are percentages and make 100 together");
        }
    }

    private void checkSends(String id, String pointer, AbTest test, SendingTile.OfMessage sends) {
        if (sends.variants() != null) {
            findings.error(
                    id, pointer + "/variants", "variants-twice", "The variants are those of the test; leave these out");
        }
        var all = !test.all().isEmpty() && test.all().stream().allMatch(variant -> variant.message() != null);
        if (sends.message() != null || !all) {
            sendings.checkMessage(id, pointer + "/message", sends.message(), sends.type(), names, findings);
        }
        sendings.checkAround(id, pointer, sends, names, findings);
    }

    private void checkVariant(String id, String pointer, AbTest test, AbTest.Variant variant) {
        var sends = test.sends();
        var rewords = variant.subject() != null || variant.preheader() != null || variant.from() != null;
        if (sends == null) {
            if (variant.message() != null || rewords) {
                findings.error(
                        id,
                        pointer,
                        "message-or-path",
                        "Say in `sends` what is sent, like {\"type\": \"email\", \"message\": \"we-miss-you\"}; a test without it is of paths");
            }
            return;
        }
        if (variant.next() != null) {
            findings.error(
                    id,
                    pointer + "/next",
                    "message-or-path",
                    "What is sent goes on at its `next` for all variants; only a test without `sends` has a path for each");
        }
        if (variant.message() != null) {
            sendings.checkMessage(id, pointer + "/message", variant.message(), sends.type(), names, findings);
        }
        if (rewords && !(sends instanceof SendingTile.Email)) {
            findings.error(
                    id,
                    pointer,
                    "only-emails",
                    "Only emails have a subject, a preheader and a sender; another message would fit");
            return;
        }
        sendings.checkWords(id, pointer, variant, names, findings);
    }

    private void checkMetric(String id, String pointer, AbTest test) {
        var at = pointer + "/metric";
        if (test.metric() == null) {
            findings.error(id, at, "missing-metric", "Say what makes a variant better: open, click or goal");
            return;
        }
        if (test.metric() == AbTest.Metric.goal) {
            if (journey.goal() == null) {
                findings.error(id, at, "no-goal", "The journey has no goal; give it one, or choose open or click");
            }
            return;
        }
        if (test.sends() != null && !(test.sends() instanceof SendingTile.Email)) {
            findings.error(id, at, "not-measured", "Only of emails it is known who opens and clicks; goal would fit");
        }
        if (test.sends() == null) {
            for (var index = 0; index < test.all().size(); index++) {
                if (!leadsToAnEmail(test.all().get(index).next())) {
                    findings.error(
                            id,
                            pointer + "/variants/" + index + "/next",
                            "not-measured",
                            "No email is sent on this path, so nothing can be opened or clicked; goal would fit");
                }
            }
        }
    }

    private boolean leadsToAnEmail(@Nullable String first) {
        var seen = new HashSet<String>();
        var ahead = new ArrayDeque<String>();
        if (first != null) {
            ahead.add(first);
        }
        while (!ahead.isEmpty()) {
            var id = ahead.pop();
            var tile = journey.allTiles().get(id);
            if (tile == null || !seen.add(id)) {
                continue;
            }
            if (tile.sending() instanceof SendingTile.Email) {
                return true;
            }
            tile.exits().values().stream().filter(Objects::nonNull).forEach(ahead::add);
        }
        return false;
    }

    private void checkEnd(String id, String pointer, AbTest.@Nullable Ending end) {
        if (end == null || (end.after() == null && !Boolean.TRUE.equals(end.whenSignificant()))) {
            findings.error(
                    id,
                    pointer,
                    "missing-end",
                    "Say when the test ends, like {\"after\": \"P3D\"}, or {\"whenSignificant\": true}, or both");
            return;
        }
        if (end.after() == null) {
            findings.warning(
                    id,
                    pointer + "/after",
                    "may-never-end",
                    "Where no variant is better the test goes on for as long as the journey; a time would end it");
        }
        var confidence = end.confidence();
        if (confidence != null && (confidence.compareTo(FIFTY) < 0 || confidence.compareTo(HUNDRED) >= 0)) {
            findings.error(
                    id,
                    pointer + "/confidence",
                    "out-of-range",
                    "The confidence is " + confidence.toPlainString() + "; from 50 to less than 100 would fit");
        }
        if (end.atLeast() != null && end.atLeast() < 1) {
            findings.error(
                    id, pointer + "/atLeast", "out-of-range", "atLeast is " + end.atLeast() + "; 1 or more would fit");
        }
    }

    private void checkFallback(String id, String pointer, AbTest test) {
        var fallback = test.fallback();
        if (fallback == null) {
            findings.error(
                    id,
                    pointer,
                    "missing-fallback",
                    "Name the variant that everyone gets when no other is better for sure");
        } else if (test.named(fallback).isEmpty()) {
            findings.error(
                    id,
                    pointer,
                    "unknown-variant",
                    "There is no variant '" + fallback + "'" + Nearest.advice(fallback, test.branchNames()));
        }
    }
}
