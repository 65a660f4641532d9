package sojourn.app.insights;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.SendingTile;
import sojourn.workflows.journeys.Tile;

/**
 * A journey as figures see it.
 *
 * @param versions the documents it has been live with, by version
 * @param draft what it would be live with; only looked at before it ever was
 */
record JourneyRow(
        int number,
        String key,
        NavigableMap<Integer, JourneyDocument> versions,
        @Nullable JourneyDocument draft) {

    static JourneyRow read(Handle handle, String reference) {
        var row = handle.createQuery(
                        "select id, key, draft from journey where key = :reference or uuid::text = :reference")
                .bind("reference", reference)
                .map(ConstructorMapper.of(Row.class))
                .findOne()
                .orElseThrow(() -> Problem.notFound("journey", reference));
        var versions = handle
                .createQuery("select version, document from journey_version where journey_id = :journey")
                .bind("journey", row.id())
                .map(ConstructorMapper.of(Version.class))
                .stream()
                .collect(Collectors.toMap(Version::version, Version::document, (one, _) -> one, TreeMap::new));
        return new JourneyRow(row.id(), row.key(), versions, row.draft());
    }

    /** Public for the row mapper. */
    public record Row(int id, String key, @Json @Nullable JourneyDocument draft) {}

    /** Public for the row mapper. */
    public record Version(int version, @Json JourneyDocument document) {}

    /** What is wrong with asking for a version; empty when nothing is. */
    Optional<String> complaintAbout(@Nullable Integer version) {
        return version == null || versions.containsKey(version)
                ? Optional.empty()
                : Optional.of("'" + key + "' has the versions " + versions.keySet());
    }

    /** The same, if it has the version that is looked at. */
    JourneyRow of(Range range) {
        complaintAbout(range.version()).ifPresent(detail -> {
            throw Problem.invalid("/version", "unknown-version", detail);
        });
        return this;
    }

    boolean wasLive() {
        return !versions.isEmpty();
    }

    /** The tiles of one version, or of all: as a path meets them, the newest version's first. */
    Map<String, Tile> tiles(@Nullable Integer version) {
        if (versions.isEmpty()) {
            return draft == null ? Map.of() : inOrder(draft);
        }
        var tiles = new LinkedHashMap<String, Tile>();
        versions.descendingMap().forEach((number, document) -> {
            if (version == null || version.equals(number)) {
                inOrder(document).forEach(tiles::putIfAbsent);
            }
        });
        return tiles;
    }

    private static Map<String, Tile> inOrder(JourneyDocument document) {
        var ordered = new LinkedHashMap<String, Tile>();
        var ahead = new ArrayDeque<String>();
        Stream.ofNullable(document.start()).forEach(ahead::add);
        while (!ahead.isEmpty()) {
            var id = ahead.removeFirst();
            var tile = document.allTiles().get(id);
            if (tile != null && ordered.putIfAbsent(id, tile) == null) {
                tile.exits().values().stream().flatMap(Stream::ofNullable).forEach(ahead::add);
            }
        }
        document.allTiles().forEach(ordered::putIfAbsent);
        return ordered;
    }

    /** The ways out of a tile by name; none for a tile that does not branch. */
    static List<String> branches(Tile tile) {
        return switch (tile) {
            case Tile.IfThen ifThen -> named(ifThen.all().stream().map(Tile.Branch::name));
            case Tile.AttributeBranch branch -> named(branch.all().stream().map(Tile.Case::name));
            case Tile.Acting acting -> acting.branchNames();
            case Tile.Elsewhere elsewhere -> elsewhere.branchNames();
            case SendingTile.OfMessage sending ->
                AbTest.of(sending).map(AbTest::branchNames).orElse(List.of());
            case SendingTile.Webhook _, Tile.WaitFor _, Tile.WaitUntil _, Tile.End _ -> List.of();
        };
    }

    private static List<String> named(Stream<@Nullable String> branches) {
        return Stream.concat(branches.flatMap(Stream::ofNullable), Stream.of(Tile.OTHERWISE))
                .toList();
    }
}
