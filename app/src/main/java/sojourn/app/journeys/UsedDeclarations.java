package sojourn.app.journeys;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ProfileTypeUse;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.segments.language.UsedNames;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.SendingTile;
import sojourn.workflows.journeys.Tile;
import sojourn.workflows.journeys.UpdateContact;

/**
 * Which journeys need what is declared about records, by the conditions in versions that are live or that contacts are
 * still on. Drafts hold nothing: they are refused when they go live.
 */
final class UsedDeclarations implements ProfileTypeUse {

    private final Conditions conditions;

    UsedDeclarations(Conditions conditions) {
        this.conditions = conditions;
    }

    /** A condition as written, and over what: an interaction type, or null for the contact. */
    record Written(@Nullable String type, @Nullable String condition) {}

    @Override
    public List<String> ofType(Handle handle, String type) {
        return naming(handle, names -> names.attributes().containsKey(type), _ -> false);
    }

    @Override
    public List<String> ofAttribute(Handle handle, String type, String attribute) {
        return naming(
                handle,
                names -> names.has(type, attribute),
                document -> type.equals(ProfileTypes.CONTACT) && uses(document, attribute));
    }

    @Override
    public List<String> ofRelationship(Handle handle, String relationship) {
        return naming(handle, names -> names.relationships().contains(relationship), _ -> false);
    }

    /** Whether a tile changes the attribute, or waits until the moment that it says. */
    private static boolean uses(JourneyDocument document, String attribute) {
        return document.allTiles().values().stream()
                .flatMap(tile -> switch (tile) {
                    case UpdateContact update -> update.attributes();
                    case Tile.WaitUntil wait -> Stream.ofNullable(wait.attribute());
                    default -> Stream.empty();
                })
                .anyMatch(attribute::equals);
    }

    private List<String> naming(Handle handle, Predicate<UsedNames> wanted, Predicate<JourneyDocument> also) {
        var names = conditions.usedNames(handle);
        return JourneyUse.versions(handle).stream()
                .filter(version -> also.test(version.document())
                        || written(version.document())
                                .flatMap(written -> written.condition() == null
                                        ? Stream.empty()
                                        : names
                                                .of(
                                                        written.type(),
                                                        version.document().triggerType(),
                                                        written.condition())
                                                .stream())
                                .anyMatch(wanted))
                .map(version -> "journey " + version.key())
                .distinct()
                .toList();
    }

    static Stream<Written> written(JourneyDocument document) {
        var goal = document.goal();
        var facts = Stream.concat(
                Stream.concat(document.exitInteractions().stream(), Stream.ofNullable(document.trigger())),
                goal == null ? Stream.empty() : Stream.ofNullable(goal.interaction()));
        return Stream.concat(
                facts.map(fact -> new Written(fact.type(), fact.filter())),
                document.allTiles().values().stream().flatMap(UsedDeclarations::written));
    }

    private static Stream<Written> written(Tile tile) {
        return switch (tile) {
            case Tile.AttributeBranch branch -> branch.all().stream().map(one -> new Written(null, one.when()));
            case Tile.IfThen ifThen ->
                ifThen.all().stream()
                        .flatMap(branch -> branch.any().stream())
                        .map(Tile.Condition::interaction)
                        .flatMap(Stream::ofNullable)
                        .map(happening -> new Written(happening.type(), happening.filter()));
            case SendingTile _, Tile.WaitFor _, Tile.WaitUntil _, Tile.Acting _, Tile.Elsewhere _, Tile.End _ ->
                Stream.empty();
        };
    }
}
