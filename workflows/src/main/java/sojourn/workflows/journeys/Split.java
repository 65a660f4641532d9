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

/**
 * Sends contacts several ways at once: the first ones by count, those that come after by chance. Whoever comes again goes the
 * way of before.
 */
public record Split(
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<Way> branches) implements Tile.Acting {

    public Split {
        branches = branches == null ? null : List.copyOf(branches);
    }

    /**
     * A way out: it has either a share or a count.
     *
     * @param share how many of a hundred contacts, of those that no count takes; two decimals at most
     * @param count how many contacts, the first ones to come
     * @param control whether it is the group that others are compared with
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Way(
            @Nullable String name,
            @Nullable BigDecimal share,
            @Nullable Integer count,
            @Nullable Boolean control,
            @JsonInclude @Nullable String next) {}

    /** The branches, none while they are not drafted yet. */
    public List<Way> all() {
        return branches == null ? List.of() : branches;
    }

    /** Those that take so many contacts, in the order in which they are filled. */
    public List<Way> counted() {
        return all().stream().filter(way -> way.count() != null).toList();
    }

    Optional<Way> named(String name) {
        return all().stream().filter(way -> name.equals(way.name())).findFirst();
    }

    /** The way by chance, {@code place} being a number from 0 to 9,999; empty when nothing has a share. */
    Optional<Way> at(int place) {
        var sharing = all().stream().filter(way -> way.share() != null).toList();
        var up = BigDecimal.ZERO;
        for (var way : sharing) {
            up = up.add(way.share() == null ? BigDecimal.ZERO : way.share());
            if (BigDecimal.valueOf(place, 2).compareTo(up) < 0) {
                return Optional.of(way);
            }
        }
        return sharing.isEmpty() ? Optional.empty() : Optional.of(sharing.getLast());
    }

    @Override
    public String type() {
        return "split";
    }

    @Override
    public Map<String, @Nullable String> exits() {
        var exits = Exits.none();
        for (var index = 0; index < all().size(); index++) {
            exits.put("/branches/" + index + "/next", all().get(index).next());
        }
        return exits;
    }

    @Override
    public List<String> branchNames() {
        return all().stream().map(Way::name).flatMap(Stream::ofNullable).toList();
    }
}
