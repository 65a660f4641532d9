package sojourn.app.segments;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.SegmentAnswer.Warning;
import sojourn.app.segments.language.QueryError;
import sojourn.app.segments.language.QueryException;

/** Segments as the API shows them. */
final class SegmentAnswers {

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;

    SegmentAnswers(Jdbi jdbi, Vocabulary vocabulary) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
    }

    /** An answer that still lacks its status. */
    Response.ResponseBuilder answer(Response.ResponseBuilder response, Segment segment) {
        var shown = jdbi.withHandle(handle -> of(handle, segment));
        return response.entity(shown).tag(Integer.toString(segment.version()));
    }

    /** 201 with its place. */
    Response created(Segment segment) {
        return answer(Response.created(URI.create("/v1/segments/" + segment.key())), segment)
                .build();
    }

    SegmentAnswer of(Handle handle, Segment segment) {
        return of(handle, List.of(segment)).getFirst();
    }

    List<SegmentAnswer> of(Handle handle, List<Segment> segments) {
        var ids = segments.stream().map(Segment::id).toArray(Integer[]::new);
        var sizes = SegmentReadings.sizes(handle, ids);
        var evaluations = SegmentReadings.lastEvaluations(handle, ids);
        var warnings = warnings(handle, segments);
        return segments.stream()
                .map(segment -> new SegmentAnswer(
                        segment,
                        sizes.getOrDefault(segment.id(), 0L),
                        evaluations.get(segment.id()),
                        warnings.getOrDefault(segment.id(), List.of())))
                .toList();
    }

    /** Segments that are evaluated though one that they build on is not: it was stopped or deleted by force. */
    private Map<Integer, List<Warning>> warnings(Handle handle, List<Segment> segments) {
        var evaluated = segments.stream().filter(Segment::isEvaluated).toList();
        if (evaluated.isEmpty()) {
            return Map.of();
        }
        var words = vocabulary.read(handle);
        var named = new LinkedHashSet<String>();
        evaluated.forEach(segment -> named.addAll(References.of(words, segment.query())));
        var found = named.isEmpty()
                ? Map.<String, Segment>of()
                : handle.attach(SegmentDao.class).findAll(named.toArray(String[]::new)).stream()
                        .collect(toMap(Segment::key, segment -> segment));
        return evaluated.stream().collect(toMap(Segment::id, segment -> warnings(words, segment, found)));
    }

    private static Optional<String> notUnderstood(Vocabulary.Words words, @Nullable String query) {
        if (query == null) {
            return Optional.empty();
        }
        try {
            words.parse(query);
            return Optional.empty();
        } catch (QueryException refused) {
            return Optional.of(
                    refused.errors().stream().map(QueryError::detail).limit(3).collect(joining("; ")));
        }
    }

    private static List<Warning> warnings(Vocabulary.Words words, Segment segment, Map<String, Segment> known) {
        var warnings = new ArrayList<Warning>();
        notUnderstood(words, segment.query())
                .ifPresent(why -> warnings.add(new Warning(
                        "query-not-understood",
                        "The query names something that is not there any more (" + why
                                + "); members stay as they were")));
        for (var named : References.of(words, segment.query())) {
            var upstream = known.get(named);
            if (upstream != null && !upstream.isLive()) {
                warnings.add(new Warning(
                        "built-on-not-live",
                        "SEGMENT(" + named + ") is " + upstream.state().word() + "; its last members"
                                + (upstream.stoppedAt() == null ? "" : ", those of " + upstream.stoppedAt() + ",")
                                + " count until it is live again"));
            }
        }
        return warnings;
    }
}
