package sojourn.app.tasks;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.PersonalAnswer;
import sojourn.app.platform.Versioned;
import sojourn.app.platform.Versions;

/**
 * Something to do about a contact, as the API shows it.
 *
 * @param owner whose task it is, the contact's owner where the tile names nobody
 * @param subject null of an erased contact, and for those who may not see contact points, as is {@code text}
 * @param outcome what came of it, in the words of whoever completed it
 */
public record Task(
        UUID id,
        Kind kind,
        State state,
        UUID contactId,
        @Nullable String externalId,
        @Nullable String owner,
        @Nullable String team,
        @Nullable String subject,
        @Nullable String text,
        @Nullable Instant dueAt,
        String journey,
        int version,
        String tile,
        int pass,
        UUID run,
        @Nullable String outcome,
        Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String endedBy)
        implements Versioned, PersonalAnswer {

    /** What is to be done. */
    public enum Kind {
        task,
        appointment,
        phoneCall
    }

    /** Whether it is done. */
    public enum State {
        open,
        completed,
        cancelled
    }

    @Override
    public String etag() {
        return Versions.etag(hashCode());
    }

    /** What the texts say was made for the contact, and may be how to reach it. */
    Task withoutTexts() {
        return new Task(
                id,
                kind,
                state,
                contactId,
                externalId,
                owner,
                team,
                null,
                null,
                dueAt,
                journey,
                version,
                tile,
                pass,
                run,
                outcome,
                createdAt,
                endedAt,
                endedBy);
    }
}
