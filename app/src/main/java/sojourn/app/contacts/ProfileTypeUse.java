package sojourn.app.contacts;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Says who uses what is declared about records, so that none of it is taken away from under them. Features that do
 * register one with {@link ContactsFeature#usedBy}. Each answer names the users as a person would, {@code segment vip}.
 */
public interface ProfileTypeUse {

    List<String> ofType(Handle handle, String type);

    List<String> ofAttribute(Handle handle, String type, String attribute);

    List<String> ofRelationship(Handle handle, String relationship);
}
