package sojourn.app.platform;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;

/** Whether the database has every change that this version has. Looked at until it has, and then no more. */
final class ShapeCheck implements BooleanSupplier {

    private final Jdbi jdbi;
    private List<String> wanted = List.of();
    private volatile boolean complete;

    ShapeCheck(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public boolean getAsBoolean() {
        return complete || look();
    }

    private synchronized boolean look() {
        if (wanted.isEmpty()) {
            wanted = Migrations.ids(jdbi);
        }
        complete = jdbi.withHandle(handle -> handle.createQuery("""
                        select not exists (
                          select from unnest(:wanted) as change (id)
                          where not exists (select from databasechangelog done where done.id = change.id))
                        """)
                .bind("wanted", wanted.toArray(String[]::new))
                .mapTo(Boolean.class)
                .one());
        return complete;
    }
}
