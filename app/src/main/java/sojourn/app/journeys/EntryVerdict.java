package sojourn.app.journeys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.journeys.EntrySeen.EntryRole;
import sojourn.workflows.journeys.JourneyDocument.Policy;
import sojourn.workflows.journeys.JourneyDocument.Since;

/**
 * What {@link Enrolment} asks of a contact, one thing after the other and in words. Enrolment decides for many at once; this
 * says of one why.
 *
 * @param hurdles what the journey asks, in order; what it does not ask for is left out
 */
record EntryVerdict(EntrySeen seen, List<Hurdle> hurdles) {

    /**
     * One thing that is asked.
     *
     * @param code what it keeps out
     * @param holds whether it lets the contact pass
     */
    record Hurdle(EntryHurdle code, boolean holds, String detail) {}

    /** For one whom somebody, or a tile, lets in: the audience is not asked for. */
    static EntryVerdict byHand(Handle handle, LiveVersion version, long contact, Instant at) {
        return new Asking(version, EntrySeen.of(handle, version, contact, null, at), at).ask(false);
    }

    /** For one who comes by the audience or by an interaction, of which {@code latest} is the contact's latest. */
    static EntryVerdict of(
            Handle handle, LiveVersion version, long contact, Enrolment.@Nullable Trigger latest, Instant at) {
        return new Asking(version, EntrySeen.of(handle, version, contact, latest, at), at).ask(true);
    }

    /** The only thing to say of a journey that is not live. */
    static Hurdle notLive(String journey, JourneyState state) {
        return new Hurdle(
                EntryHurdle.NOT_LIVE,
                false,
                "'" + journey + "' is " + state
                        + (state == JourneyState.paused
                                ? "; who may enter when it is resumed does so then"
                                : "; only a live journey lets contacts in"));
    }

    /** What keeps the contact out; empty when nothing does. */
    Optional<Hurdle> failing() {
        return hurdles.stream().filter(each -> !each.holds()).findFirst();
    }

    private record Asking(LiveVersion version, EntrySeen seen, Instant at) {

        EntryVerdict ask(boolean byItself) {
            var document = version.document();
            var hurdles = new ArrayList<Hurdle>();
            hurdles.add(live());
            if (document.limits() != null && document.limits().total() != null) {
                hurdles.add(total(document.limits().total()));
            }
            hurdles.add(new Hurdle(
                    EntryHurdle.INACTIVE,
                    seen.contactState().equals("active"),
                    "The contact is " + seen.contactState()));
            if (version.suppression() != null) {
                hurdles.add(in(EntryHurdle.SUPPRESSED, EntryRole.suppression));
            }
            if (!version.excluded().isEmpty()) {
                hurdles.add(in(EntryHurdle.EXCLUDED, EntryRole.exclusion));
            }
            if (byItself) {
                hurdles.add(document.trigger() == null ? audience() : interaction());
            }
            hurdles.add(entered());
            if (document.reentryPolicy() == Policy.after) {
                hurdles.add(tooSoon());
            }
            if (byItself && (document.limits() != null || seen.waiting() != null)) {
                hurdles.add(turn());
            }
            return new EntryVerdict(seen, List.copyOf(hurdles));
        }

        private Hurdle live() {
            return seen.journeyState() == JourneyState.live
                    ? new Hurdle(EntryHurdle.NOT_LIVE, true, "'" + version.key() + "' is live")
                    : notLive(version.key(), seen.journeyState());
        }

        private Hurdle total(int total) {
            return new Hurdle(
                    EntryHurdle.TOTAL_REACHED,
                    seen.entries() < total,
                    seen.entries() + " of " + total + " contacts have entered");
        }

        private Hurdle turn() {
            var waiting = seen.waiting();
            return new Hurdle(
                    EntryHurdle.LIMIT,
                    waiting == null,
                    waiting == null ? "The contact does not wait for its turn" : waiting.inWords());
        }

        /** One that must not be a member. */
        private Hurdle in(EntryHurdle code, EntryRole role) {
            var in = seen.in(role);
            return new Hurdle(code, in.isEmpty(), "The contact is in " + words(in, keys(role)));
        }

        private Hurdle audience() {
            var in = seen.in(EntryRole.audience);
            var all = version.document().audienceIsIntersection();
            var wanted = all ? version.audience().size() : 1;
            var names = keys(EntryRole.audience);
            return new Hurdle(
                    EntryHurdle.NOT_IN_AUDIENCE,
                    in.size() >= wanted,
                    "The contact is in " + words(in, names)
                            + (all && in.size() < wanted ? ", and would have to be in each of " + quoted(names) : ""));
        }

        private Hurdle interaction() {
            var type = version.document().triggerType();
            var when = seen.interactionAt();
            return new Hurdle(
                    EntryHurdle.NO_INTERACTION,
                    when != null,
                    when == null
                            ? "Since the journey went live there is no " + type + " of the contact that lets in"
                            : "The contact's latest " + type + " that lets in happened " + when);
        }

        private Hurdle entered() {
            var enters = "The contact entered '" + version.key() + "'" + on(seen.enteredAt());
            var policy = version.document().reentryPolicy();
            var holds = switch (policy) {
                case never -> seen.enteredAt() == null;
                case after -> !seen.inside();
                case always -> !seen.boundInside();
                case recurring -> !seen.inIteration();
            };
            if (holds) {
                return new Hurdle(
                        EntryHurdle.ALREADY_ENTERED,
                        true,
                        seen.enteredAt() == null
                                ? "The contact has not entered '" + version.key() + "'"
                                : enters + ", and may do so again");
            }
            return new Hurdle(
                    EntryHurdle.ALREADY_ENTERED,
                    false,
                    enters
                            + switch (policy) {
                                case never -> "; the journey lets everyone in once";
                                case after -> " and the run is still going on";
                                case always ->
                                    " and a run of the same "
                                            + version.document().bindingKey() + " is still going on";
                                case recurring ->
                                    "; the journey lets everyone in once an iteration, and "
                                            + (seen.nextIterationAt() == null
                                                    ? "this one is the last"
                                                    : "the next begins at " + seen.nextIterationAt());
                            });
        }

        private Hurdle tooSoon() {
            var reentry = version.document().reentry();
            if (reentry == null || reentry.duration() == null) {
                return new Hurdle(EntryHurdle.TOO_SOON, true, "The journey does not say how soon is too soon");
            }
            var cutoff = reentry.duration().before(at, version.zone());
            var sinceEnd = reentry.since() == Since.end;
            var last = sinceEnd && seen.endedAt() != null ? seen.endedAt() : seen.enteredAt();
            var soon = isAfter(seen.enteredAt(), cutoff) || (sinceEnd && isAfter(seen.endedAt(), cutoff));
            return new Hurdle(
                    EntryHurdle.TOO_SOON,
                    !soon,
                    last == null
                            ? "The contact was not inside before"
                            : "The contact's last run " + (sinceEnd ? "ended" : "began") + on(last)
                                    + "; there have to be " + reentry.duration().inWords() + " in between");
        }

        private List<String> keys(EntryRole role) {
            return seen.segments().stream()
                    .filter(each -> each.role() == role)
                    .map(EntrySeen.SeenSegment::segment)
                    .toList();
        }

        private static String words(List<EntrySeen.SeenSegment> in, List<String> all) {
            return in.isEmpty()
                    ? "none of " + quoted(all)
                    : in.stream()
                            .map(each ->
                                    "'" + each.segment() + "'" + (each.since() == null ? "" : " since " + each.since()))
                            .collect(Collectors.joining(" and "));
        }

        private static String quoted(List<String> keys) {
            return keys.stream().map(key -> "'" + key + "'").collect(Collectors.joining(", "));
        }

        private static boolean isAfter(@Nullable Instant instant, Instant cutoff) {
            return instant != null && instant.isAfter(cutoff);
        }

        private static String on(@Nullable Instant instant) {
            return instant == null ? "" : " at " + instant;
        }
    }
}
