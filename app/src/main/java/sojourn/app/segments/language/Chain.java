package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ProfileTypes;

/**
 * A PROFILE block seen from the contact at its end: what must hold of the contact, of a record one hop away, of one two
 * hops away, and so on.
 */
record Chain(List<Place> places) {

    /**
     * @param hop by which it is reached from the place before; null for the contact itself
     */
    record Place(@Nullable Hop hop, String type, List<Condition> filters) {

        /** The hop of every place but the first. */
        Hop reached() {
            if (hop == null) {
                throw new IllegalStateException("The contact itself is not reached by a hop");
            }
            return hop;
        }

        Scope.Kind scope() {
            return type.equals(ProfileTypes.CONTACT) ? Scope.Kind.CONTACT : Scope.Kind.PROFILE;
        }
    }

    static Chain of(Query.Profile profile) {
        var places = new ArrayList<Place>();
        var type = profile.type();
        var filters = new ArrayList<Condition>();
        for (var step : profile.steps()) {
            switch (step) {
                case Query.Step.Filter(var condition) -> filters.add(condition);
                case Query.Step.Traverse(var relationship, var reverse, var to) -> {
                    places.addFirst(new Place(new Hop(relationship, reverse, type), type, List.copyOf(filters)));
                    filters.clear();
                    type = to;
                }
            }
        }
        places.addFirst(new Place(null, type, List.copyOf(filters)));
        return new Chain(List.copyOf(places));
    }

    Place contact() {
        return places.getFirst();
    }

    /** The places beyond the contact, the nearest first. */
    List<Place> related() {
        return places.subList(1, places.size());
    }

    List<Hop> hops() {
        return related().stream().map(Place::reached).toList();
    }
}
