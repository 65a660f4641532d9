package sojourn.app.platform;

import java.util.UUID;

/** A job that this process holds until its lease runs out; {@code attempt} proves it in every write. */
public record ClaimedJob(
        UUID id,
        String kind,
        int attempt,
        int failures,
        boolean cancelling,
        String input,
        String position,
        long done,
        String createdBy) {}
