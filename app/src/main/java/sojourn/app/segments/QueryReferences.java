package sojourn.app.segments;

import java.util.stream.Stream;
import sojourn.app.segments.language.Query;

/** The segments that a query names. */
final class QueryReferences {

    private QueryReferences() {}

    static Stream<String> of(Query query) {
        return switch (query) {
            case Query.Profile _, Query.Interactions _ -> Stream.of();
            case Query.Members(var segment) -> Stream.of(segment);
            case Query.Union(var of) -> of.stream().flatMap(QueryReferences::of);
            case Query.Intersect(var of) -> of.stream().flatMap(QueryReferences::of);
            case Query.Except(var from, var without) ->
                Stream.concat(Stream.of(from), without.stream()).flatMap(QueryReferences::of);
        };
    }
}
