package sojourn.app.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Json;

/** Reads a contact from all columns of its row. Public for Jdbi. */
public final class ContactMapper implements RowMapper<Contact> {

    private static final ObjectMapper JSON = Json.mapper();
    private static final TypeReference<Address> ADDRESS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Object>> ATTRIBUTES = new TypeReference<>() {};

    @Override
    public Contact map(ResultSet row, StatementContext context) throws SQLException {
        return new Contact(
                row.getLong("id"),
                Columns.uuid(row, "uuid"),
                row.getString("external_id"),
                row.getString("email"),
                row.getString("phone"),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getString("locale"),
                row.getString("time_zone"),
                json(row.getString("address"), ADDRESS),
                row.getObject("latitude", Double.class),
                row.getObject("longitude", Double.class),
                row.getString("owner"),
                row.getString("state"),
                json(row.getString("attributes"), ATTRIBUTES),
                row.getInt("version"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"));
    }

    private static <T> T json(String text, TypeReference<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalStateException("a contact that no version has written", unreadable);
        }
    }
}
