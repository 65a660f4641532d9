package sojourn.app.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The records of one profile type, written many with one statement. */
final class ProfileTable implements RecordTable<Profile> {

    private static final String EXTERNAL_ID = "externalId";
    private static final String UNNEST = """
            unnest(:keys, :externalIds, :attributes, :folded) as new (key, external_id, attributes, folded)
            """;

    private final Handle handle;
    private final Shape shape;

    ProfileTable(Handle handle, Shape shape) {
        this.handle = handle;
        this.shape = shape;
    }

    @Override
    public Fields fields(Profile profile) {
        var values = new HashMap<String, @Nullable Object>(profile.attributes());
        values.put(EXTERNAL_ID, profile.externalId());
        return Fields.of(shape.type(), values);
    }

    @Override
    public Map<String, Profile> lock(Collection<String> externalIds) {
        var found = new HashMap<String, Profile>();
        for (var profile : handle.attach(ProfileDao.class)
                .lockAll(shape.typeId(), shape.type(), externalIds.toArray(String[]::new))) {
            found.put(String.valueOf(profile.externalId()), profile);
        }
        return found;
    }

    @Override
    public Map<UUID, Profile> lockByUuid(Collection<UUID> uuids) {
        var found = new HashMap<UUID, Profile>();
        for (var profile :
                handle.attach(ProfileDao.class).lockAll(shape.typeId(), shape.type(), uuids.toArray(UUID[]::new))) {
            found.put(profile.uuid(), profile);
        }
        return found;
    }

    @Override
    public int version(Profile profile) {
        return profile.version();
    }

    @Override
    public List<Profile> add(Collection<New> profiles, Instant now) {
        var sorted = RecordTable.inOrder(profiles);
        var statement = handle.createQuery("""
                insert into profile (type_id, uuid, external_id, attributes, folded, created_at, updated_at)
                select :type, coalesce(key, uuidv7()), external_id, attributes::jsonb, folded::jsonb, :now, :now
                from %s
                on conflict do nothing
                returning *, :typeKey::text as type
                """.formatted(UNNEST))
                .bind("type", shape.typeId())
                .bind("typeKey", shape.type())
                .bind("keys", sorted.stream().map(New::uuid).toArray(UUID[]::new));
        return bind(statement, sorted.stream().map(New::fields).toList(), now)
                .map(ConstructorMapper.of(Profile.class))
                .list();
    }

    @Override
    public void update(Map<Long, Fields> profiles, Instant now) {
        var ids = profiles.keySet().stream().sorted().toList();
        var statement = handle.createUpdate("""
                update profile set
                  external_id = new.external_id, attributes = new.attributes::jsonb, folded = new.folded::jsonb,
                  version = version + 1, updated_at = :now
                from %s
                where profile.id = new.key
                """.formatted(UNNEST)).bind("keys", ids.toArray(Long[]::new));
        bind(statement, ids.stream().map(profiles::get).toList(), now).execute();
    }

    private <S extends SqlStatement<S>> S bind(S statement, List<Fields> rows, Instant now) {
        return statement
                .bind("externalIds", rows.stream().map(Fields::externalId).toArray(String[]::new))
                .bind("attributes", rows.stream().map(Fields::attributes).toArray(String[]::new))
                .bind("folded", rows.stream().map(this::folded).toArray(String[]::new))
                .bind("now", now);
    }

    /** Without the external id, which is compared as it is. */
    private String folded(Fields fields) {
        var folded = fields.folded(shape);
        folded.remove(EXTERNAL_ID);
        return Fields.json(folded);
    }
}
