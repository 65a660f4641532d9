package sojourn.app.segments;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.Query;

/**
 * What several queries find, each part that they have in common asked for once. A query that shares nothing is asked for as
 * a whole, which the planner does better than its parts one by one, unless each of these is found without a look at the
 * contacts.
 *
 * <p>Everything is read through one handle, whose transaction decides in which snapshot.
 */
final class SharedParts {

    private static final Query EVERYBODY = new Query.Profile("contact", List.of());

    /** A part of a query. Windows and days are those of a zone, so the same words in another zone are another part. */
    private record Part(Query query, ZoneId zone) {}

    /** What a part found and what it cost. */
    private record Found(IdSet ids, Duration took) {}

    private final Handle handle;
    private final Vocabulary.Words words;
    private final Instant now;
    private final Map<Part, Integer> uses = new HashMap<>();
    private final Map<Part, Integer> usesLeft = new HashMap<>();
    private final Map<Part, Found> found = new HashMap<>();
    private @Nullable IdSet erased;

    SharedParts(Handle handle, Vocabulary.Words words, Instant now, Collection<LiveSegment> segments) {
        this.handle = handle;
        this.words = words;
        this.now = now;
        var leaves = new HashMap<Part, Integer>();
        segments.forEach(segment -> distinctLeaves(segment).forEach(part -> leaves.merge(part, 1, Integer::sum)));
        for (var segment : segments) {
            var own = distinctLeaves(segment);
            var shares =
                    own.stream().anyMatch(part -> !part.query().equals(EVERYBODY) && leaves.getOrDefault(part, 0) > 1);
            (shares ? own : Set.of(new Part(segment.query(), segment.zone())))
                    .forEach(part -> uses.merge(part, 1, Integer::sum));
        }
        usesLeft.putAll(uses);
    }

    /**
     * The contacts that a query finds.
     *
     * @param took its share of the time that its parts took, whenever that was
     * @param waited how long the answer was waited for
     */
    record Answer(IdSet ids, Duration took, Duration waited) {}

    /** Each segment may ask once: what none of the others needs any more is forgotten then. */
    Answer of(LiveSegment segment) {
        var began = System.nanoTime();
        var whole = new Part(segment.query(), segment.zone());
        var parts = uses.containsKey(whole) ? Set.of(whole) : distinctLeaves(segment);
        var took = Duration.ZERO;
        for (var part : parts) {
            took = took.plus(find(part).took().dividedBy(uses.getOrDefault(part, 1)));
        }
        var ids = uses.containsKey(whole) ? find(whole).ids() : combine(segment.query(), segment.zone());
        parts.forEach(this::release);
        return new Answer(ids, took, Duration.ofNanos(System.nanoTime() - began));
    }

    private IdSet combine(Query query, ZoneId zone) {
        return switch (query) {
            case Query.Union(var of) -> all(of, zone).reduce(IdSet::or).orElseThrow();
            case Query.Intersect(var of) -> all(of, zone).reduce(IdSet::and).orElseThrow();
            case Query.Except(var from, var without) ->
                Stream.concat(Stream.of(combine(from, zone)), all(without, zone))
                        .reduce(IdSet::without)
                        .orElseThrow();
            case Query.Profile _, Query.Interactions _, Query.Members _ ->
                find(new Part(query, zone)).ids();
        };
    }

    private Stream<IdSet> all(List<Query> queries, ZoneId zone) {
        return queries.stream().map(query -> combine(query, zone));
    }

    private Found find(Part part) {
        return found.computeIfAbsent(part, this::read);
    }

    private Found read(Part part) {
        var began = System.nanoTime();
        return new Found(ids(part.query(), part.zone()), Duration.ofNanos(System.nanoTime() - began));
    }

    private IdSet ids(Query query, ZoneId zone) {
        if (!isFoundAlone(query)) {
            return IdSet.contacts(handle, Statement.compile(handle, words, query, now, zone));
        }
        return switch (query) {
            case Query.Union(var of) -> ids(of, zone).reduce(IdSet::or).orElseThrow();
            case Query.Intersect(var of) -> ids(of, zone).reduce(IdSet::and).orElseThrow();
            case Query.Except(var from, var without) ->
                Stream.concat(Stream.of(ids(from, zone)), ids(without, zone))
                        .reduce(IdSet::without)
                        .orElseThrow();
            case Query.Profile _, Query.Interactions _, Query.Members _ -> idsOfBlock(query, zone);
        };
    }

    private Stream<IdSet> ids(List<Query> queries, ZoneId zone) {
        return queries.stream().map(query -> ids(query, zone));
    }

    private IdSet idsOfBlock(Query block, ZoneId zone) {
        return Statement.ids(handle, words, block, now, zone)
                .map(select -> IdSet.read(handle, select).without(erased()))
                .orElseGet(() -> IdSet.contacts(handle, Statement.compile(handle, words, block, now, zone)));
    }

    /** Whether its blocks one by one, without a look at the contacts, are sooner found than all in one statement. */
    private static boolean isFoundAlone(Query query) {
        return switch (query) {
            case Query.Union(var of) -> of.stream().allMatch(SharedParts::isFoundAlone);
            case Query.Intersect(var of) -> of.stream().allMatch(SharedParts::isBounded);
            case Query.Except(var from, var without) ->
                isBounded(from) && without.stream().allMatch(SharedParts::isBounded);
            case Query.Profile profile -> profile.steps().stream().anyMatch(Query.Step.Traverse.class::isInstance);
            case Query.Interactions _, Query.Members _ -> true;
        };
    }

    /** Of those that must hold together one may be rare, and then another must not be read for all time. */
    private static boolean isBounded(Query query) {
        return switch (query) {
            case Query.Interactions block ->
                !block.havings().isEmpty() && block.havings().stream().allMatch(having -> having.window() != null);
            case Query.Profile profile -> profile.equals(EVERYBODY);
            case Query.Members _ -> true;
            case Query.Union(var of) -> of.stream().allMatch(SharedParts::isBounded);
            case Query.Intersect _, Query.Except _ -> isFoundAlone(query);
        };
    }

    private IdSet erased() {
        if (erased == null) {
            erased = IdSet.read(handle, Statement.of("select id from contact where state = 'erased'"));
        }
        return erased;
    }

    private void release(Part part) {
        if (usesLeft.merge(part, -1, Integer::sum) == 0) {
            found.remove(part);
        }
    }

    private static Set<Part> distinctLeaves(LiveSegment segment) {
        var leaves = new HashSet<Part>();
        gather(segment.query(), segment.zone(), leaves);
        return leaves;
    }

    private static void gather(Query query, ZoneId zone, Set<Part> leaves) {
        switch (query) {
            case Query.Union(var of) -> of.forEach(part -> gather(part, zone, leaves));
            case Query.Intersect(var of) -> of.forEach(part -> gather(part, zone, leaves));
            case Query.Except(var from, var without) -> {
                gather(from, zone, leaves);
                without.forEach(part -> gather(part, zone, leaves));
            }
            case Query.Profile _, Query.Interactions _, Query.Members _ -> leaves.add(new Part(query, zone));
        }
    }
}
