package sojourn.app;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.util.DataSize;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import sojourn.app.contacts.ContactSettings;
import sojourn.app.delivery.ChannelSettings;
import sojourn.app.delivery.SmtpSettings;
import sojourn.app.platform.TemporalSettings;
import sojourn.app.segments.EvaluationSettings;

/** What {@code config.yml} says; that file explains each setting. */
public final class Settings extends Configuration {

    /** How much a client may ask for at once. */
    public record Limits(
            @NotNull DataSize body,
            @NotNull @Min(0) Integer requestsPerSecond,
            @NotNull @Min(1) Integer requestsAtOnce) {}

    /** How interactions are taken. */
    public record Interactions(
            @NotNull io.dropwizard.util.Duration clockSkew,
            @NotNull io.dropwizard.util.Duration keepAnonymous) {

        public Duration skew() {
            return clockSkew.toJavaDuration();
        }

        public Duration anonymousKept() {
            return keepAnonymous.toJavaDuration();
        }
    }

    private final @NotNull @Valid DataSourceFactory database;
    private final @NotNull @Valid Limits limits;
    private final @NotNull @Valid ContactSettings contacts;
    private final @NotNull @Valid Interactions interactions;
    private final @NotNull @Valid EvaluationSettings segments;
    private @NotNull @Valid TemporalSettings temporal;
    private final @NotNull URI publicUrl;
    private final @NotNull @Valid SmtpSettings smtp;
    private final @NotNull @Valid ChannelSettings channels;

    @JsonCreator
    Settings(
            @JsonProperty("database") DataSourceFactory database,
            @JsonProperty("limits") Limits limits,
            @JsonProperty("contacts") ContactSettings contacts,
            @JsonProperty("interactions") Interactions interactions,
            @JsonProperty("segments") EvaluationSettings segments,
            @JsonProperty("temporal") TemporalSettings temporal,
            @JsonProperty("publicUrl") URI publicUrl,
            @JsonProperty("smtp") SmtpSettings smtp,
            @JsonProperty("channels") ChannelSettings channels) {
        this.database = database;
        this.limits = limits;
        this.contacts = contacts;
        this.interactions = interactions;
        this.segments = segments;
        this.temporal = temporal;
        this.publicUrl = publicUrl;
        this.smtp = smtp;
        this.channels = channels;
    }

    public DataSourceFactory database() {
        return database;
    }

    /** Whatever the file says of workers, this process runs them. */
    void runWorkers() {
        temporal = temporal.withWorkers();
    }

    public TemporalSettings temporal() {
        return temporal;
    }

    public Limits limits() {
        return limits;
    }

    public ContactSettings contacts() {
        return contacts;
    }

    public Interactions interactions() {
        return interactions;
    }

    public EvaluationSettings segments() {
        return segments;
    }

    public URI publicUrl() {
        return publicUrl;
    }

    public SmtpSettings smtp() {
        return smtp;
    }

    public ChannelSettings channels() {
        return channels;
    }
}
