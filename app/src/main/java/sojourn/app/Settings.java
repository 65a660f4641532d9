package sojourn.app;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.util.DataSize;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** What {@code config.yml} says; that file explains each setting. */
public final class Settings extends Configuration {

    /** How much a client may ask for at once. */
    public record Limits(@NotNull DataSize body) {}

    private final @NotNull @Valid DataSourceFactory database;
    private final @NotNull @Valid Limits limits;

    @JsonCreator
    Settings(@JsonProperty("database") DataSourceFactory database, @JsonProperty("limits") Limits limits) {
        this.database = database;
        this.limits = limits;
    }

    public DataSourceFactory database() {
        return database;
    }

    public Limits limits() {
        return limits;
    }
}
