package sojourn.app;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.db.DataSourceFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** What {@code config.yml} says; that file explains each setting. */
public final class Settings extends Configuration {

    private final @NotNull @Valid DataSourceFactory database;

    @JsonCreator
    Settings(@JsonProperty("database") DataSourceFactory database) {
        this.database = database;
    }

    public DataSourceFactory database() {
        return database;
    }
}
