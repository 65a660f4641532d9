package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryError;
import sojourn.app.segments.language.QueryException;

/**
 * A segment as sent. What the server alone decides may be sent along, as read before, and is ignored.
 *
 * @param evaluateEvery how often it is evaluated in full, ISO 8601; null for the installation's setting
 * @param tree the query in its other form, instead of {@code query}
 */
@JsonIgnoreProperties({
    "id",
    "state",
    "cause",
    "draft",
    "createdAt",
    "createdBy",
    "updatedAt",
    "updatedBy",
    "firstLiveAt",
    "firstLiveBy",
    "stoppedAt",
    "warnings",
    "nextEvaluationAt",
    "size",
    "lastEvaluation"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewSegment(
        @Nullable String key,
        @Nullable String name,
        @Nullable String description,
        @Nullable String kind,
        @Nullable String timeZone,
        @Nullable String query,
        @Nullable String owner,
        @Nullable String scope,
        @Nullable List<String> tags,
        @Nullable ExternalSource external,
        @Nullable String evaluateEvery,
        @Nullable Query tree) {

    /** Where members of a static segment come from, as sent. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ExternalSource(
            @Nullable String source, @Nullable String url) {}

    private static final Pattern KEY = Pattern.compile("(?!.*--)[a-z0-9][a-z0-9_-]*");

    private static final int LONGEST_KEY = 200;

    /** What stands in the place of a key in paths of the API: a segment of that key could not be asked for. */
    private static final Set<String> WORDS_OF_PATHS =
            Set.of("parse", "preview", "estimate", "flow", "explain", "evaluate", "import", "quota", "from-template");

    private static final Duration SHORTEST_EVERY = Duration.ofMinutes(10);
    private static final Duration LONGEST_EVERY = Duration.ofDays(31);
    private static final int LONGEST_TEXT = 10_000;
    private static final int MOST_TAGS = 50;
    private static final int LONGEST_TAG = 100;
    private static final int LONGEST_SOURCE = 255;
    private static final int LONGEST_URL = 2000;

    /** What can be decided without other records: all problems at once, the query's among them. */
    Checked check(Vocabulary.Words words, ZoneId defaultZone, ScopeCheck scopes) {
        var problems = new ArrayList<ProblemError>();
        var checkedKey = key(key, problems);
        var checkedKind = kind(problems);
        var zone = zone(timeZone, defaultZone, problems);
        scopes.check(scope == null ? Scopes.ORGANIZATION : scope, owner, problems);
        tags(problems);
        external(problems, checkedKind);
        text(problems, "/name", name);
        text(problems, "/description", description);
        text(problems, "/owner", owner);
        var every = evaluateEvery(problems, checkedKind);
        // Of a kind that there is not nobody can say whether a query is missing.
        var queryText = isKnownKind() || query != null ? query(problems, checkedKind, words) : null;
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        var definition = new Definition(
                name == null ? checkedKey : name,
                description,
                zone.getId(),
                queryText,
                owner,
                scope == null ? Scopes.ORGANIZATION : scope,
                tags == null ? List.of() : tags.stream().distinct().toList(),
                external == null || external.source() == null
                        ? null
                        : new Segment.External(external.source(), external.url()),
                every);
        return new Checked(checkedKey, checkedKind, definition);
    }

    /** A segment as sent, understood. */
    record Checked(String key, SegmentKind kind, Definition definition) {}

    /** Says whether a scope may be that of a segment. */
    @FunctionalInterface
    interface ScopeCheck {
        void check(String scope, @Nullable String owner, List<ProblemError> problems);
    }

    /** A new segment with nothing but the most necessary. */
    static NewSegment of(String key, SegmentKind kind, @Nullable String query) {
        return new NewSegment(key, null, null, kind.word(), null, query, null, null, null, null, null, null);
    }

    /** What a segment is, as it would be sent to make one like it. */
    static NewSegment like(Segment segment) {
        var external = segment.external();
        return new NewSegment(
                segment.key(),
                segment.name(),
                segment.description(),
                segment.kind().word(),
                segment.timeZone().getId(),
                segment.query(),
                segment.owner(),
                segment.scope().equals(Scopes.ORGANIZATION) ? null : segment.scope(),
                segment.tags().isEmpty() ? null : segment.tags(),
                external == null ? null : new ExternalSource(external.source(), external.url()),
                segment.definition().evaluateEveryText(),
                null);
    }

    /** The same under another key, with another text of its query. */
    public NewSegment with(@Nullable String otherKey, @Nullable String otherQuery) {
        return new NewSegment(
                otherKey,
                name,
                description,
                kind,
                timeZone,
                otherQuery,
                owner,
                scope,
                tags,
                external,
                evaluateEvery,
                tree);
    }

    /** Key, kind and scope stay as they are when nothing is said of them. */
    NewSegment completedBy(Segment known) {
        return completed(
                key == null ? known.key() : key, kind == null ? known.kind().word() : kind, known);
    }

    /** Its scope alone stays as it is when nothing is said of it. */
    NewSegment scopedLike(Segment known) {
        return completed(key, kind, known);
    }

    private NewSegment completed(@Nullable String wantedKey, @Nullable String wantedKind, Segment known) {
        return new NewSegment(
                wantedKey,
                name,
                description,
                wantedKind,
                timeZone,
                query,
                owner,
                scope == null ? Scopes.current(known) : scope,
                tags,
                external,
                evaluateEvery,
                tree);
    }

    /** The key, or a problem. */
    static String key(@Nullable String key, List<ProblemError> problems) {
        if (key == null) {
            problems.add(ProblemError.at("/key", "missing", "A segment needs a key, e.g. 'lapsed-60d'"));
            return "";
        }
        if (key.length() > LONGEST_KEY || !KEY.matcher(key).matches()) {
            problems.add(ProblemError.at(
                    "/key",
                    "invalid-key",
                    "'" + key + "' is no key: lower-case letters, digits, '_' and '-' would fit, beginning with a"
                            + " letter or digit, without '--', at most " + LONGEST_KEY + " characters"));
        } else if (WORDS_OF_PATHS.contains(key)) {
            problems.add(ProblemError.at(
                    "/key", "reserved-key", "'" + key + "' is a word of the API's own; '" + key + "-1' would fit"));
        }
        return key;
    }

    private boolean isKnownKind() {
        return kind == null || SegmentKind.of(kind).isPresent();
    }

    private SegmentKind kind(List<ProblemError> problems) {
        if (kind == null) {
            return SegmentKind.DYNAMIC;
        }
        return SegmentKind.of(kind).orElseGet(() -> {
            problems.add(ProblemError.at(
                    "/kind", "unknown-kind", "kind is '" + kind + "'; 'dynamic' or 'static' would fit"));
            return SegmentKind.DYNAMIC;
        });
    }

    /** The zone that a person named; the other one where none was named, or none that there is. */
    static ZoneId zone(@Nullable String timeZone, ZoneId otherwise, List<ProblemError> problems) {
        if (timeZone == null) {
            return otherwise;
        }
        if (ZoneId.getAvailableZoneIds().contains(timeZone)) {
            return ZoneId.of(timeZone);
        }
        problems.add(ProblemError.at(
                "/timeZone", "unknown-time-zone", "'" + timeZone + "' is no IANA time zone; 'Europe/Berlin' would be"));
        return otherwise;
    }

    static void text(List<ProblemError> problems, String pointer, @Nullable String text) {
        if (text == null) {
            return;
        }
        if (text.indexOf('\0') >= 0) {
            problems.add(ProblemError.at(pointer, "invalid-text", "U+0000 cannot be stored"));
        }
        if (text.length() > LONGEST_TEXT) {
            problems.add(ProblemError.at(pointer, "too-long", "At most " + LONGEST_TEXT + " characters would fit"));
        }
    }

    private void tags(List<ProblemError> problems) {
        var all = tags == null ? List.<String>of() : tags;
        if (all.size() > MOST_TAGS) {
            problems.add(ProblemError.at("/tags", "too-many", "At most " + MOST_TAGS + " tags would fit"));
            return;
        }
        for (var index = 0; index < all.size(); index++) {
            var tag = all.get(index);
            if (tag == null || tag.isBlank() || tag.length() > LONGEST_TAG) {
                problems.add(ProblemError.at(
                        "/tags/" + index, "wrong-size", "A tag of 1 to " + LONGEST_TAG + " characters would fit"));
            }
        }
    }

    private void external(List<ProblemError> problems, SegmentKind checkedKind) {
        if (external == null) {
            return;
        }
        if (checkedKind == SegmentKind.DYNAMIC) {
            problems.add(ProblemError.at(
                    "/external", "unexpected", "The members of a dynamic segment are found by its query"));
        }
        var source = external.source();
        if (source == null || source.isBlank() || source.length() > LONGEST_SOURCE) {
            problems.add(ProblemError.at(
                    "/external/source",
                    "wrong-size",
                    "The name of the system that the members come from would fit, 1 to " + LONGEST_SOURCE
                            + " characters"));
        }
        if (external.url() != null && !isWebAddress(external.url())) {
            problems.add(ProblemError.at(
                    "/external/url", "invalid-url", "An address that begins with https:// or http:// would fit"));
        }
    }

    private static boolean isWebAddress(String url) {
        try {
            var address = new URI(url);
            return url.length() <= LONGEST_URL
                    && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getHost() != null;
        } catch (URISyntaxException noAddress) {
            return false;
        }
    }

    private @Nullable Duration evaluateEvery(List<ProblemError> problems, SegmentKind checkedKind) {
        if (evaluateEvery == null) {
            return null;
        }
        if (checkedKind == SegmentKind.STATIC) {
            problems.add(ProblemError.at("/evaluateEvery", "unexpected", "A static segment is not evaluated"));
            return null;
        }
        try {
            var every = Duration.parse(evaluateEvery);
            if (every.compareTo(SHORTEST_EVERY) >= 0 && every.compareTo(LONGEST_EVERY) <= 0) {
                return every;
            }
        } catch (DateTimeParseException unreadable) {
            // Told below.
        }
        problems.add(ProblemError.at(
                "/evaluateEvery",
                "invalid-duration",
                "A time of " + SHORTEST_EVERY + " to P31D would fit, such as PT6H or P1D; changes are followed at once"
                        + " all the same"));
        return null;
    }

    /** Its text; null when there is none, or a problem more. */
    private @Nullable String query(List<ProblemError> problems, SegmentKind checkedKind, Vocabulary.Words words) {
        var sent = new SentForm(query, tree);
        if (checkedKind == SegmentKind.STATIC) {
            if (!sent.isMissing()) {
                problems.add(ProblemError.at(
                        query == null ? "/tree" : "/query", "unexpected", "A static segment has no query"));
            }
            return null;
        }
        if (sent.isMissing()) {
            problems.add(ProblemError.at("/query", "missing", "A dynamic segment needs a query"));
        }
        var understood = sent.check(words, problems);
        return understood == null ? null : understood.text();
    }

    static List<ProblemError> problems(QueryException refused) {
        return refused.errors().stream().map(NewSegment::problem).toList();
    }

    private static ProblemError problem(QueryError error) {
        return error.path() == null
                ? new ProblemError("/query", error.code(), error.detail(), error.line(), error.column())
                : ProblemError.at("/tree" + error.path(), error.code(), error.detail());
    }
}
