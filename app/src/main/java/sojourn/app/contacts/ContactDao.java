package sojourn.app.contacts;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;

@RegisterConstructorMapper(Contact.class)
interface ContactDao {

    @SqlQuery("select * from contact where id = :id")
    Optional<Contact> find(long id);

    @SqlQuery("select * from contact where id = any(:ids)")
    List<Contact> findAll(Long[] ids);
}
