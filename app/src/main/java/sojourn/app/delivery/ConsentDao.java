package sojourn.app.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

@RegisterConstructorMapper(Consent.class)
interface ConsentDao {

    @SqlQuery("select * from consent where contact_id = :contact order by contact_point, purpose")
    List<Consent> all(long contact);

    @SqlQuery("""
            select s.at from consent s join contact c on c.id = s.contact_id and lower(c.email) = s.contact_point
            where s.contact_id = :contact and s.purpose = :purpose and s.state = 'out' and s.at >= :since
            """)
    Optional<Instant> withdrawnSince(long contact, String purpose, Instant since);

    /** False when that was the word already: its instant is when it was said first. */
    @SqlUpdate("""
            insert into consent (contact_id, contact_point, purpose, state, source, at)
            values (:contact, :point, :purpose, :state, :source, :at)
            on conflict (contact_id, contact_point, purpose) do update
            set state = excluded.state, source = excluded.source, at = excluded.at
            where consent.state <> excluded.state
            """)
    boolean set(long contact, String point, String purpose, String state, String source, Instant at);

    @SqlUpdate("delete from consent where contact_id = :contact and contact_point = :point and purpose = :purpose")
    boolean clear(long contact, String point, String purpose);

    @SqlUpdate("delete from consent where contact_id = :contact")
    void erase(long contact);
}
