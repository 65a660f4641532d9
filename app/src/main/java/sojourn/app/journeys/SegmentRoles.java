package sojourn.app.journeys;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Tile;

/** In which ways a journey uses a segment. */
final class SegmentRoles {

    private SegmentRoles() {}

    /**
     * {@code audience}, {@code exclusion}, {@code suppression}, {@code exit} when joining or leaving it ends runs, {@code
     * branch} when a tile waits for it or asks for it; {@code members} when a tile changes who is in it; {@code condition} when a condition over the contact names it, which
     * {@code namesIt} says of one.
     */
    static Set<String> of(JourneyDocument document, String segment, Predicate<String> namesIt) {
        var roles = new LinkedHashSet<String>();
        if (document.audienceSegments().contains(segment)) {
            roles.add("audience");
        }
        if (document.excluded().contains(segment)) {
            roles.add("exclusion");
        }
        if (segment.equals(document.suppressionSegment())) {
            roles.add("suppression");
        }
        if (document.exitSegments().stream()
                .anyMatch(exit -> segment.equals(exit.joins()) || segment.equals(exit.leaves()))) {
            roles.add("exit");
        }
        if (document.allTiles().values().stream().anyMatch(tile -> asksFor(tile, segment))) {
            roles.add("branch");
        }
        if (document.allTiles().values().stream()
                .anyMatch(tile -> tile instanceof Tile.Picking picking && segment.equals(picking.segment()))) {
            roles.add("members");
        }
        if (conditions(document).anyMatch(namesIt)) {
            roles.add("condition");
        }
        return roles;
    }

    private static Stream<String> conditions(JourneyDocument document) {
        return document.allTiles().values().stream()
                .flatMap(tile -> tile instanceof Tile.AttributeBranch branch ? branch.all().stream() : Stream.empty())
                .map(Tile.Case::when)
                .flatMap(Stream::ofNullable);
    }

    private static boolean asksFor(Tile tile, String segment) {
        return tile instanceof Tile.IfThen ifThen
                && ifThen.all().stream()
                        .flatMap(branch -> branch.any().stream())
                        .anyMatch(condition -> segment.equals(condition.segment()));
    }
}
