package sojourn.app.contacts;

import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import sojourn.app.platform.Columns;

/** Reads a contact from all columns of its row. Public for Jdbi. */
public final class ContactMapper implements RowMapper<Contact> {

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
                Columns.json(row, "address", ADDRESS),
                row.getObject("latitude", Double.class),
                row.getObject("longitude", Double.class),
                row.getString("owner"),
                row.getString("business_unit"),
                row.getString("state"),
                Columns.json(row, "attributes", ATTRIBUTES),
                row.getInt("version"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"));
    }
}
