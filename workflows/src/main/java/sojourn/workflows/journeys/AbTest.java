package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.SendingTile.OfMessage;

/**
 * Tries variants of a message or of the path on contacts by chance until a winner is found, which everyone after gets.
 *
 * @param variants two or more
 * @param metric what makes one variant better than another
 * @param end when the winner is looked for
 * @param fallback the variant for everyone after when none is better for sure
 * @param sends what is sent, and where runs go then; null when the variants are paths
 */
public record AbTest(
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Variant> variants,
        @Nullable Metric metric,
        @Nullable Ending end,
        @Nullable String fallback,
        @Nullable OfMessage sends)
        implements Tile.Acting {

    private static final int PLACES = 10_000;
    private static final BigDecimal USUAL_CONFIDENCE = BigDecimal.valueOf(95);
    private static final int USUAL_LEAST = 100;

    public AbTest {
        variants = variants == null ? null : List.copyOf(variants);
    }

    /** The test that a tile is; one that sends variants of a message is one that only a person ends. */
    public static Optional<AbTest> of(@Nullable Tile tile) {
        return switch (tile) {
            case AbTest test -> Optional.of(test);
            case OfMessage sending
            when sending.variants() != null ->
                Optional.of(new AbTest(sending.variants(), Metric.open, null, null, sending.with(sending.message())));
            case null, default -> Optional.empty();
        };
    }

    /** What is counted of a variant. */
    public enum Metric {
        open,
        click,
        goal
    }

    /**
     * One of those that are tried.
     *
     * @param share how many of a hundred contacts, two decimals at most; where no variant has one all are alike
     * @param message in place of what the tile sends
     * @param subject in place of the message's, as are {@code preheader} and {@code from}
     * @param next the path, of a test that sends nothing itself; null ends the run
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Variant(
            @Nullable String name,
            @Nullable BigDecimal share,
            @Nullable String message,
            @Nullable String subject,
            @Nullable String preheader,
            @Nullable String from,
            @Nullable String next) {}

    /**
     * When a test ends.
     *
     * @param after so long after the first contact came to the tile; not by time when null
     * @param whenSignificant whether it ends as soon as one variant is better than all others for sure
     * @param confidence how sure, in percent; 95 when null
     * @param atLeast how many contacts each variant needs before anything is sure; 100 when null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Ending(
            @Nullable Span after,
            @Nullable Boolean whenSignificant,
            @Nullable BigDecimal confidence,
            @Nullable Integer atLeast) {}

    /**
     * The variant of a visit.
     *
     * @param why it is this one, for a person
     */
    public record Assigned(String variant, String why) {}

    /** The variants, none while they are not drafted yet. */
    public List<Variant> all() {
        return variants == null ? List.of() : variants;
    }

    public boolean endsWhenSignificant() {
        return end != null && Boolean.TRUE.equals(end.whenSignificant());
    }

    /** In percent. */
    public BigDecimal confidence() {
        return end == null || end.confidence() == null ? USUAL_CONFIDENCE : end.confidence();
    }

    public int atLeast() {
        return end == null || end.atLeast() == null ? USUAL_LEAST : end.atLeast();
    }

    public Optional<Variant> named(String name) {
        return all().stream().filter(variant -> name.equals(variant.name())).findFirst();
    }

    /** The variant by chance, {@code place} being a number from 0 to 9,999; empty when there is none. */
    public Optional<Variant> at(int place) {
        if (all().isEmpty()) {
            return Optional.empty();
        }
        if (all().stream().allMatch(variant -> variant.share() == null)) {
            return Optional.of(all().get(place * all().size() / PLACES));
        }
        var up = BigDecimal.ZERO;
        for (var variant : all()) {
            up = up.add(variant.share() == null ? BigDecimal.ZERO : variant.share());
            if (BigDecimal.valueOf(place, 2).compareTo(up) < 0) {
                return Optional.of(variant);
            }
        }
        return Optional.of(all().getLast());
    }

    /** What is sent to contacts of a variant; empty when the variants are paths. */
    public Optional<SendingTile> sending(Variant variant) {
        return sends == null
                ? Optional.empty()
                : Optional.of(variant.message() == null ? sends : sends.with(variant.message()));
    }

    @Override
    public @Nullable SendingTile sending() {
        return sends;
    }

    @Override
    public Stream<String> messages() {
        return sends == null
                ? Stream.empty()
                : Stream.concat(
                                Stream.ofNullable(sends.message()),
                                all().stream().map(Variant::message).flatMap(Stream::ofNullable))
                        .distinct();
    }

    @Override
    public String type() {
        return "abTest";
    }

    @Override
    public Map<String, @Nullable String> exits() {
        if (sends != null) {
            return Exits.of("/sends/next", sends.next());
        }
        var exits = Exits.none();
        for (var index = 0; index < all().size(); index++) {
            exits.put("/variants/" + index + "/next", all().get(index).next());
        }
        return exits;
    }

    @Override
    public List<String> branchNames() {
        return all().stream().map(Variant::name).flatMap(Stream::ofNullable).toList();
    }
}
