package sojourn.app.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.jackson2.Jackson2Config;
import org.jdbi.v3.jackson2.Jackson2Plugin;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;

/** The set-up of Jdbi that the application and every test share. */
public final class JdbiPlugins {

    private JdbiPlugins() {}

    public static Jdbi install(Jdbi jdbi, ObjectMapper json) {
        jdbi.installPlugin(new SqlObjectPlugin())
                .installPlugin(new PostgresPlugin())
                .installPlugin(new Jackson2Plugin());
        jdbi.getConfig(Jackson2Config.class).setMapper(json);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(new ParsedTemplates());
        return jdbi;
    }
}
