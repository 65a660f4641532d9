package sojourn.app.journeys;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

@RegisterConstructorMapper(JourneyVersion.class)
@RegisterConstructorMapper(VersionDocument.class)
interface JourneyVersionDao {

    /** Newest first. */
    @SqlQuery("""
            select v.version, v.live_at, v.live_by, v.version = j.live_version as current
            from journey_version v join journey j on j.id = v.journey_id
            where v.journey_id = :journey and v.version < :before
            order by v.version desc
            limit :limit
            """)
    List<JourneyVersion> page(int journey, long before, int limit);

    @SqlQuery("""
            select v.version, v.live_at, v.live_by, v.version = j.live_version as current, v.document
            from journey_version v join journey j on j.id = v.journey_id
            where v.journey_id = :journey and v.version = :version
            """)
    Optional<VersionDocument> find(int journey, int version);
}
