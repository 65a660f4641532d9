package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import sojourn.faults.Catalogue.Spec;
import sojourn.faults.Snapshot.State;

/**
 * Counts anew who should be in each segment, with loops over what was sent, and holds the database against it. Whoever moves
 * in the very moment of looking, since an interaction is at the edge of a window, is looked at again a moment later.
 */
final class Recount {

    private static final int LOOKS = 6;

    private final Jdbi jdbi;
    private final Facts facts;
    private final Map<String, Spec> segments = Catalogue.segments();
    /** What a query means, by its text as sent and as stored. */
    private final Map<String, Spec> meanings = new HashMap<>();

    private final Map<String, State> lastStates = new HashMap<>();
    private final Map<String, Set<Integer>> lastMembers = new HashMap<>();

    Recount(Jdbi jdbi, Facts facts, Outside outside) {
        this.jdbi = jdbi;
        this.facts = facts;
        Catalogue.editions().forEach(spec -> {
            meanings.put(spec.query(), spec);
            var parsed = outside.insist("POST", "/v1/segments/parse", "{\"query\": \"" + spec.query() + "\"}");
            meanings.put(Stored.text(parsed, "/query"), spec);
        });
    }

    /** The load rests. Says how many contacts were looked at, and in how many looks. */
    String run() {
        var open = new HashSet<>(facts.people.keySet());
        for (var look = 1; ; look++) {
            var snapshot = atRest();
            statesAreAsSaid(snapshot);
            var unclear = new HashSet<>(snapshot.awaited());
            facts.people.keySet().stream()
                    .filter(person -> moves(person, snapshot))
                    .forEach(unclear::add);
            var clear = new HashSet<>(open);
            clear.removeAll(unclear);
            segments.keySet().forEach(key -> membersAreExact(key, clear, snapshot));
            open.retainAll(unclear);
            if (open.isEmpty() || look == LOOKS) {
                picked(snapshot);
                return "%d people in %d looks, %d at an edge; %s"
                        .formatted(facts.people.size() - open.size(), look, open.size(), sizes(snapshot));
            }
            Outside.pause(Duration.ofMillis(400));
        }
    }

    private Snapshot atRest() {
        var found = new AtomicReference<Snapshot>();
        Shop.await("all that was sent has been taken up", () -> {
            found.set(jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, Snapshot::read));
            return found.get().atRest();
        });
        return found.get();
    }

    /** Whether time may just be moving somebody. */
    private boolean moves(int person, Snapshot snapshot) {
        return facts.happenings(person).stream()
                .anyMatch(each -> Catalogue.EDGES.stream()
                        .map(each.at()::plus)
                        .anyMatch(edge -> !edge.isBefore(snapshot.clock().minusMillis(1))
                                && !edge.isAfter(snapshot.until().plusMillis(50))));
    }

    private void statesAreAsSaid(Snapshot snapshot) {
        snapshot.segments().forEach((key, state) -> {
            var before = lastStates.put(key, state);
            var members = snapshot.members().getOrDefault(key, Set.of());
            var membersBefore = lastMembers.put(key, members);
            if (before != null && before.equals(state) && !state.isLive()) {
                assertThat(members).as("members of stopped " + key).isEqualTo(membersBefore);
            }
            var said = facts.stopped.contains(key) ? List.of("stopped") : List.of("live", "goingLive");
            assertThat(state.state()).as("state of " + key).isIn(said);
        });
        for (var key : Catalogue.EDITED) {
            var state = state(snapshot, key);
            var query = meaning(state.query());
            var saving = facts.saving.get(key);
            if (saving == null || state.saving()) {
                assertThat(query.query()).as("query of " + key).isEqualTo(facts.queries.get(key));
            } else {
                assertThat(query.query()).as("saved query of " + key).isEqualTo(saving);
            }
            assertThat(state.edit() == null ? null : meaning(state.edit()).query())
                    .as("edit of " + key)
                    .isEqualTo(state.saving() ? saving : null);
        }
    }

    private static State state(Snapshot snapshot, String key) {
        return snapshot.segments().getOrDefault(key, new State("missing", null, false, null, 0));
    }

    private Spec meaning(@Nullable String query) {
        var spec = query == null ? null : meanings.get(query);
        if (spec == null) {
            throw new AssertionError("Nobody has sent the query " + query);
        }
        return spec;
    }

    private void membersAreExact(String key, Set<Integer> people, Snapshot snapshot) {
        if (!state(snapshot, key).isLive()) {
            return;
        }
        var members = snapshot.members().getOrDefault(key, Set.of());
        var wrong = people.stream()
                .filter(person -> members.contains(person) != belongs(key, person, snapshot, snapshot.until()))
                .collect(Collectors.toMap(person -> person, person -> explained(person, members, snapshot)));
        assertThat(wrong).as("recount of " + key + " at " + snapshot.until()).isEmpty();
    }

    private String explained(int person, Set<Integer> members, Snapshot snapshot) {
        return (members.contains(person) ? "is in, and should not be; " : "is not in, and should be; ")
                + "clock " + snapshot.clock() + "; " + facts.person(person) + facts.happenings(person) + " in "
                + segments.keySet().stream()
                        .filter(other -> belongs(other, person, snapshot, snapshot.until()))
                        .toList();
    }

    private boolean belongs(String key, int person, Snapshot snapshot, Instant now) {
        var spec = segments.get(key);
        if (spec == null) {
            return facts.members(key).contains(person);
        }
        var state = state(snapshot, key);
        if (!state.isLive()) {
            return snapshot.members().getOrDefault(key, Set.of()).contains(person);
        }
        var decision = key.equals(Catalogue.DECIDED) ? facts.decisions.get(person) : null;
        if (decision != null) {
            return decision.equals("include");
        }
        var meant = Catalogue.EDITED.contains(key) ? meaning(state.query()) : spec;
        return meant.rule().has(facts, (other, one) -> belongs(other, one, snapshot, now), person, now);
    }

    private void picked(Snapshot snapshot) {
        for (var key : List.of(Catalogue.PICKED, Catalogue.SYNCED)) {
            assertThat(snapshot.members().get(key)).as("members of " + key).isEqualTo(facts.members(key));
        }
    }

    private static String sizes(Snapshot snapshot) {
        return snapshot.members().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + " " + entry.getValue().size())
                .collect(Collectors.joining(", "));
    }
}
