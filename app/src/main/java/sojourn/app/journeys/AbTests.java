package sojourn.app.journeys;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.journeys.TileEffects.At;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Json;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.Done;
import sojourn.workflows.journeys.SendingTile;

/**
 * Gives contacts that come to a test their variant: by chance while it is tried, once and for all their visits; the winner
 * after.
 *
 * <p>A test is known by its journey, its tile and its definition. Versions of the journey that agree in all three share
 * assignments and decision, and where they do not, each has its own.
 */
final class AbTests {

    /** @param startedAt when the first contact came; null when nobody did */
    record Row(
            int id,
            int journeyId,
            String tile,
            String definition,
            @Nullable Instant startedAt,
            @Nullable String winner) {}

    private AbTests() {}

    /** The variant of a visit, in the caller's transaction, which has locked the run. */
    static Done assign(Handle handle, At at, AbTest test) {
        var row = started(handle, at, definition(test));
        if (row.winner() != null) {
            return new Done("branch", row.winner(), null, why(handle, row.id()));
        }
        var variant = test.at(at.world().chance(at.visit().tile()))
                .orElseThrow(
                        () -> new IllegalStateException("The test " + at.visit().tile() + " has no variants"));
        var added = handle.execute(
                """
                insert into ab_assignment (test_id, contact_id, variant, run_id, visit, assigned_at)
                values (?, ?, ?, ?, ?, ?) on conflict (test_id, contact_id) do nothing
                """,
                row.id(),
                at.run().contactId(),
                variant.name(),
                at.run().id(),
                at.visit().no(),
                at.now());
        if (added > 0) {
            var share = variant.share() == null
                    ? "one of " + test.all().size()
                    : variant.share().toPlainString() + " of 100";
            return new Done("branch", variant.name(), null, "by chance, " + share);
        }
        var before = handle.select(
                        "select variant from ab_assignment where test_id = ? and contact_id = ?",
                        row.id(),
                        at.run().contactId())
                .mapTo(String.class)
                .one();
        return new Done("branch", before, null, "the variant of before");
    }

    private static Row started(Handle handle, At at, String definition) {
        var tile = at.visit().tile();
        var journey = at.run().journeyId();
        return find(handle, journey, tile, definition)
                .filter(row -> row.startedAt() != null || row.winner() != null)
                .orElseGet(() -> add(handle, journey, tile, definition, at.now(), true));
    }

    static Optional<Row> find(Handle handle, int journey, String tile, String definition) {
        return handle.select(
                        "select * from ab_test where journey_id = ? and tile = ? and definition = ?",
                        journey,
                        tile,
                        definition)
                .map((row, _) -> row(row))
                .findOne();
    }

    /** The test, made where there is none yet. */
    static Row add(Handle handle, int journey, String tile, String definition, Instant now, boolean starts) {
        handle.createUpdate("""
                        insert into ab_test (journey_id, tile, definition, started_at, looked_at)
                        values (:journey, :tile, :definition, :started, :now)
                        on conflict (journey_id, tile, definition) do nothing
                        """)
                .bind("journey", journey)
                .bind("tile", tile)
                .bind("definition", definition)
                .bind("started", starts ? now : null)
                .bind("now", now)
                .execute();
        return find(handle, journey, tile, definition).orElseThrow();
    }

    static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getInt("id"),
                row.getInt("journey_id"),
                row.getString("tile"),
                row.getString("definition"),
                Columns.instantOrNull(row, "started_at"),
                row.getString("winner"));
    }

    private static String why(Handle handle, int test) {
        return handle.select(
                        "select how, conclusive, by from ab_decision where test_id = ? order by id desc limit 1", test)
                .map((row, _) -> switch (row.getString(1)) {
                    case "override" -> "the winner, named by " + row.getString(3);
                    case "significance" -> "the winner by significance";
                    default ->
                        row.getBoolean(2)
                                ? "the winner when time was up"
                                : "the fallback of a test that found no winner";
                })
                .one();
    }

    /**
     * What makes results comparable, as a hash: the variants with their shares, what is sent, and the metric. When a test ends,
     * its fallback, and when its message may be sent can change while it runs.
     */
    static String definition(AbTest test) {
        var parts = new ArrayList<@Nullable Object>();
        parts.add(test.metric());
        parts.add(test.sends() == null ? null : test.sends().type());
        for (var variant : test.all()) {
            parts.add(variant.name());
            parts.add(
                    variant.share() == null
                            ? null
                            : variant.share().stripTrailingZeros().toPlainString());
            parts.add(test.sending(variant).map(SendingTile::message).orElse(null));
            parts.add(variant.subject());
            parts.add(variant.preheader());
            parts.add(variant.from());
            parts.add(test.sends() == null ? variant.next() : null);
        }
        try {
            var text = Json.mapper().writeValueAsString(parts);
            var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (JsonProcessingException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
