package sojourn.app.segments;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.Needs;

/**
 * How far back interactions are asked about: what happened at the instant of its type, or earlier, is in nobody's window.
 * Most windows are weeks or months, so that of a contact who has done much for years little need be read.
 *
 * @param after by interaction type
 * @param ofOthers of every type that is not named; {@link Instant#MIN} when all there ever was is asked about
 */
record Horizon(Map<String, Instant> after, Instant ofOthers) {

    /** Everything since ever. */
    static final Horizon NONE = new Horizon(Map.of(), Instant.MIN);

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    /** Of what these segments ask now, all together; of types that they do not ask about it says nothing. */
    static Horizon of(Collection<LiveSegment> segments, Instant now) {
        var named = new HashMap<String, Instant>();
        var any = Instant.MAX;
        for (var segment : segments) {
            for (var block : segment.needs().blocks()) {
                var after = after(block, now, segment.zone());
                block.types().forEach(type -> named.merge(type, after, Horizon::earlier));
                any = block.types().isEmpty() ? earlier(any, after) : any;
            }
        }
        var ofAll = any;
        named.replaceAll((_, after) -> earlier(after, ofAll));
        return new Horizon(named, ofAll);
    }

    Instant of(String type) {
        return after.getOrDefault(type, ofOthers);
    }

    /** As PostgreSQL reads it. */
    static String timestamp(Instant after) {
        if (after.isBefore(FIRST)) {
            return "-infinity";
        }
        return after.isAfter(LAST) ? "infinity" : after.toString();
    }

    private static Instant after(Needs.Block block, Instant now, ZoneId zone) {
        @Nullable Instant after = block.range(now, zone).after();
        return after == null ? Instant.MIN : after;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
