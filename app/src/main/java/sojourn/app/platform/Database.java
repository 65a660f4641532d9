package sojourn.app.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jdbi3.JdbiFactory;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;
import org.jdbi.v3.core.Jdbi;

/** The application's way to PostgreSQL: a pool of connections, and Jdbi over it. */
public final class Database {

    private static final String NAME = "postgresql";

    private Database() {}

    public static Jdbi open(Environment environment, DataSourceFactory settings, ObjectMapper json) {
        var pool = settings.build(environment.metrics(), NAME);
        if (pool instanceof DataSourceProxy tomcat) {
            // Else every call of a statement and of a row passes a reflective proxy, which refuses those that were
            // closed;
            // Jdbi uses none of them after it has closed it.
            tomcat.setUseStatementFacade(false);
        }
        return JdbiPlugins.install(new JdbiFactory().build(environment, settings, pool, NAME), json);
    }
}
