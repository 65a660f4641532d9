package sojourn.app.messages;

import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import sojourn.app.platform.Columns;

/** Finds what other features send. */
public final class Messages {

    /** What the audit log calls a message. */
    public static final String KIND = "message";

    private static final TypeReference<MessageContent> CONTENT = new TypeReference<>() {};

    /** The version to send now; empty when no message of that key is live. */
    public Optional<LiveMessage> live(Handle handle, String key) {
        return handle.select("""
                        select m.key, v.version, v.content
                        from message m join message_version v on v.message_id = m.id and v.version = m.live_version
                        where m.key = ? and m.state = 'live'
                        """, key).map(Messages::read).findOne();
    }

    /** A version that was chosen before; it never changes, whatever became of the message. */
    public Optional<LiveMessage> version(Handle handle, String key, int version) {
        return handle.select("""
                        select m.key, v.version, v.content
                        from message m join message_version v on v.message_id = m.id
                        where m.key = ? and v.version = ?
                        """, key, version).map(Messages::read).findOne();
    }

    /**
     * What live messages say of the interaction that let their contact into a journey, by message: the names behind
     * {@code trigger.}. Those that say nothing of it are left out.
     */
    public static Map<String, Set<String>> ofTrigger(Handle handle) {
        var said = new HashMap<String, Set<String>>();
        handle.createQuery("""
                        select m.key, v.version, v.content
                        from message m join message_version v on v.message_id = m.id and v.version = m.live_version
                        where m.state = 'live' and v.content::text like '%trigger%'
                        """)
                .map(Messages::read)
                .forEach(message -> said.put(message.key(), MessageCheck.ofTrigger(message.content())));
        said.values().removeIf(Set::isEmpty);
        return said;
    }

    private static LiveMessage read(ResultSet row, StatementContext context) throws SQLException {
        return new LiveMessage(row.getString("key"), row.getInt("version"), Columns.json(row, "content", CONTENT));
    }
}
