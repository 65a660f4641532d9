package sojourn.app.segments;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.ProfileTypeUse;
import sojourn.app.segments.language.UsedNames;

/**
 * Which segments need what is declared about records. Those that are evaluated keep it from being taken away, by their
 * query and by the edit beside it. Others do not, since nothing of theirs would break before they go live, when they are
 * refused; but where there is a refusal anyway they are named too.
 */
final class UsedDeclarations implements ProfileTypeUse {

    private final Vocabulary vocabulary;

    UsedDeclarations(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    @Override
    public List<String> ofType(Handle handle, String type) {
        return naming(handle, names -> names.attributes().containsKey(type));
    }

    @Override
    public List<String> ofAttribute(Handle handle, String type, String attribute) {
        return naming(handle, names -> names.has(type, attribute));
    }

    @Override
    public List<String> ofRelationship(Handle handle, String relationship) {
        return naming(handle, names -> names.relationships().contains(relationship));
    }

    private List<String> naming(Handle handle, Predicate<UsedNames> wanted) {
        // Nobody goes live with it, or saves an edit that names it, until it is decided.
        Locks.definitions(handle);
        var words = vocabulary.read(handle);
        var holding = new ArrayList<String>();
        var others = new ArrayList<String>();
        for (var segment : handle.attach(SegmentDao.class).dynamic()) {
            if (References.queries(segment).stream()
                    .flatMap(query -> words.parseIfUnderstood(query).stream())
                    .noneMatch(query -> wanted.test(UsedNames.of(query)))) {
                continue;
            }
            switch (segment.state()) {
                case GOING_LIVE, LIVE -> holding.add("segment " + segment.key());
                case DRAFT, STOPPED, ERROR ->
                    others.add(
                            "segment " + segment.key() + " (" + segment.state().word() + ")");
            }
        }
        if (!holding.isEmpty()) {
            holding.addAll(others);
        }
        return holding;
    }
}
