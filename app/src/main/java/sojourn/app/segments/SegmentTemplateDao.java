package sojourn.app.segments;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.json.Json;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** Templates that people have saved. */
@RegisterConstructorMapper(SegmentTemplateDao.Row.class)
interface SegmentTemplateDao {

    /** A saved template as it is stored. */
    record Row(
            String key,
            String name,
            @Nullable String description,
            String category,
            String query,
            @Json List<TemplateParameter> parameters,
            Instant createdAt,
            String createdBy) {

        SegmentTemplate template() {
            return new SegmentTemplate(
                    key, name, description, category, query, parameters, false, List.of(), createdAt, createdBy);
        }
    }

    @SqlQuery("select * from segment_template where key = :key")
    Optional<Row> find(String key);

    /** In the order that Java has for keys too, whatever that of the database is. */
    @SqlQuery("""
            select * from segment_template
            where key collate "C" > :after
              and (:category::text is null or category = :category)
              and (:q::text is null or strpos(lower(concat_ws(' ', key, name, description)), lower(:q)) > 0)
            order by key collate "C"
            limit :limit
            """)
    List<Row> list(String after, @Nullable String category, @Nullable String q, int limit);

    /** False when the key is taken. */
    @SqlUpdate("""
            insert into segment_template (key, name, description, category, query, parameters, created_at, created_by)
            values (:key, :name, :description, :category, :query, :parameters::jsonb, :now, :by)
            on conflict (key) do nothing
            """)
    boolean add(
            String key,
            String name,
            @Nullable String description,
            String category,
            String query,
            String parameters,
            Instant now,
            String by);

    @SqlUpdate("delete from segment_template where key = :key")
    boolean delete(String key);
}
