package sojourn.app.delivery;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

@RegisterConstructorMapper(Consent.class)
interface ConsentDao {

    @SqlQuery("select * from consent where contact_id = :contact order by contact_point, purpose")
    List<Consent> all(long contact);

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
