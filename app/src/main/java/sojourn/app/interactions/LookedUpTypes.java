package sojourn.app.interactions;

import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.ProfileTypeUse;

/** Keeps profile types whose records interactions name. */
final class LookedUpTypes implements ProfileTypeUse {

    @Override
    public List<String> ofType(Handle handle, String type) {
        return InteractionTypes.all(handle).values().stream()
                .filter(user -> user.properties().values().stream()
                        .anyMatch(declaration -> Objects.equals(declaration.lookup(), type)))
                .map(user -> "interaction type " + user.key())
                .toList();
    }

    @Override
    public List<String> ofAttribute(Handle handle, String type, String attribute) {
        return List.of();
    }

    @Override
    public List<String> ofRelationship(Handle handle, String relationship) {
        return List.of();
    }
}
