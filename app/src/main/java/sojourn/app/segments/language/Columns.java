package sojourn.app.segments.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sojourn.app.contacts.ValueType;

/**
 * Where the database keeps fields. Custom ones lie in JSON, whose kind is looked at before it is read as anything, so that
 * no stored value can make a query fail.
 *
 * @param follows the records that are joined to this one, as {@link #joins} does
 */
record Columns(Scope.Kind scope, String alias, List<Follow> follows) {

    private static final Map<String, String> CONTACT_COLUMNS = Map.ofEntries(
            Map.entry("externalId", "external_id"),
            Map.entry("email", "email"),
            Map.entry("phone", "phone"),
            Map.entry("firstName", "first_name"),
            Map.entry("lastName", "last_name"),
            Map.entry("locale", "locale"),
            Map.entry("timeZone", "time_zone"),
            Map.entry("owner", "owner"),
            Map.entry("businessUnit", "business_unit"),
            Map.entry("state", "state"),
            Map.entry("latitude", "latitude"),
            Map.entry("longitude", "longitude"),
            Map.entry("createdAt", "created_at"),
            Map.entry("updatedAt", "updated_at"));

    private static final Map<String, String> INTERACTION_COLUMNS =
            Map.of("journey", "journey", "tile", "tile", Catalog.OCCURRED_AT, "occurred_at");

    private static final Map<String, String> PROFILE_COLUMNS =
            Map.of("externalId", "external_id", "createdAt", "created_at", "updatedAt", "updated_at");

    private static final String ADDRESS = "address.";

    /** What the database takes for a date or an instant is much more, {@code tomorrow} and {@code infinity} among it. */
    private static final String STORED_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

    private static final String STORED_INSTANT =
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6}|)Z$";

    Columns(Scope.Kind scope, String alias) {
        this(scope, alias, List.of());
    }

    /** These columns, with those of what some parts of a tree follow from here. */
    Columns following(Stream<?> nodes) {
        return new Columns(scope, alias, Follow.in(nodes));
    }

    /**
     * The records that are followed to, to stand behind the table itself. Each is there once or not at all, so that nothing
     * is counted twice; a condition that only a record fulfils makes the join an inner one, which may begin at the records.
     */
    Sql joins(SqlContext context) {
        return Sql.join(
                "",
                follows.stream()
                        .map(follow -> {
                            var record = followed(follow).alias();
                            var name = typed(new Value.Field(
                                    follow.property(), follow.named().isPresent() ? ValueType.TEXT : ValueType.LOOKUP));
                            return follow.named().isPresent()
                                    ? Sql.fill(
                                            " left join named_record " + record + " on " + record + ".kind = {} and "
                                                    + record + ".key = {}",
                                            Sql.of("?", follow.property()),
                                            name)
                                    : Sql.fill(
                                            " left join profile " + record + " on " + record + ".type_id = {} and "
                                                    + record + ".external_id = {}",
                                            Sql.of("?", context.profileType(follow.of())),
                                            name);
                        })
                        .toList());
    }

    private Columns followed(Follow follow) {
        return new Columns(Scope.Kind.PROFILE, alias + "_" + follows.indexOf(follow));
    }

    /** The columns in which a field lies: these, or those of the record that it follows to. */
    private Columns of(Value.Field field) {
        return field.follow().map(this::followed).orElse(this);
    }

    /** As the type of the field wants it: text as sent, number, boolean, date, timestamptz; null when there is none. */
    Sql typed(Value.Field field) {
        return of(field).own(field.bare());
    }

    private Sql own(Value.Field field) {
        var column = columns().get(field.name());
        if (column != null) {
            // The decimal that names a coordinate; a cast from the binary number itself would keep only 15 digits.
            var cast = field.type() == ValueType.NUMBER ? "::text::numeric" : "";
            return Sql.of(alias + "." + column + cast);
        }
        var name = field.name();
        if (isInAddress(name)) {
            return Sql.of("(" + alias + ".address ->> ?)", name.substring(ADDRESS.length()));
        }
        return switch (field.type()) {
            case TEXT, OPTION, LOOKUP -> guarded("string", "%s ->> ?", name);
            case NUMBER -> guarded("number", "(%s -> ?)::numeric", name);
            case BOOLEAN -> guarded("boolean", "(%s -> ?)::boolean", name);
            case DATE -> checked("date", STORED_DATE, name);
            case TIMESTAMP -> checked("timestamptz", STORED_INSTANT, name);
            case OPTIONS -> guarded("array", "nullif(%s -> ?, '[]'::jsonb)", name);
        };
    }

    Sql folded(Value.Field field) {
        return Sql.of("(" + of(field).alias() + ".folded ->> ?)", field.bare().name());
    }

    /** Whether the folded text of the field, or one of its options, is this one; of records an index answers that. */
    Sql contains(Value.Field field, JsonNode folded) {
        var object = JsonNodeFactory.instance.objectNode().set(field.bare().name(), folded);
        return Sql.of(of(field).alias() + ".folded @> ?::jsonb", object.toString());
    }

    private Map<String, String> columns() {
        return switch (scope) {
            case CONTACT -> CONTACT_COLUMNS;
            case PROFILE -> PROFILE_COLUMNS;
            case INTERACTION -> INTERACTION_COLUMNS;
        };
    }

    private boolean isInAddress(String name) {
        return scope == Scope.Kind.CONTACT && name.startsWith(ADDRESS);
    }

    private String custom() {
        return switch (scope) {
            case CONTACT, PROFILE -> alias + ".attributes";
            case INTERACTION -> alias + ".properties";
        };
    }

    private Sql guarded(String kind, String read, String name) {
        var reading = read.formatted(custom());
        return Sql.of(
                "(case when jsonb_typeof(" + custom() + " -> ?) = '" + kind + "' then " + reading + " end)",
                name,
                name);
    }

    private Sql checked(String type, String form, String name) {
        var text = custom() + " ->> ?";
        return Sql.of(
                "(case when " + text + " ~ '" + form + "' and pg_input_is_valid(" + text + ", '" + type + "') then ("
                        + text + ")::" + type + " end)",
                name,
                name,
                name);
    }
}
