package sojourn.app.segments;

import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;

/** The settings of segments; {@code config.yml} explains each. */
public record EvaluationSettings(
        @NotNull ZoneId timeZone,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        Duration every,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        Duration clockEvery,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        Duration timeLimit,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        Duration estimateTimeLimit,

        @Min(0) @Max(16) int loops,
        boolean scopes,
        @Min(0) int quota) {}
