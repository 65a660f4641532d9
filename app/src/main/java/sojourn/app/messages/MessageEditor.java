package sojourn.app.messages;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;
import sojourn.app.segments.NamedRecords;
import sojourn.app.segments.SegmentParts;
import sojourn.app.segments.language.NamedRecord;

/** Changes messages along their life cycle: a draft, versions that never change, one of them live. */
final class MessageEditor {

    private final Jdbi jdbi;
    private final ProfileTypes types;
    private final NamedRecords named;
    private final InstantSource clock;
    private final List<MessageUse> uses = new CopyOnWriteArrayList<>();

    MessageEditor(Jdbi jdbi, ProfileTypes types, NamedRecords named, InstantSource clock) {
        this.jdbi = jdbi;
        this.types = types;
        this.named = named;
        this.clock = clock;
    }

    void usedBy(MessageUse use) {
        uses.add(use);
    }

    Message find(String reference) {
        return jdbi.withExtension(MessageDao.class, dao -> row(dao, reference)).toMessage();
    }

    Message create(NewMessage message, Deed deed) {
        var key = message.validKey();
        var channel = message.validChannel();
        var content = message.content(channel);
        return Transactions.in(jdbi, handle -> {
            var dao = handle.attach(MessageDao.class);
            if (!dao.add(key, channel, content, clock.instant(), deed.by())) {
                throw new Problem(ProblemType.KEY_TAKEN, "There is a message " + key + " already");
            }
            note(dao, deed, "created", key, Map.of("channel", channel));
            return row(dao, key).toMessage();
        });
    }

    /** Writes the draft; what is live stays so until the next go live. */
    Message replace(String reference, @Nullable String ifMatch, NewMessage message, Deed deed) {
        return change(reference, (dao, row) -> {
            Versions.require(ifMatch, row.version());
            if (message.key() != null && !message.key().equals(row.key())) {
                throw Problem.invalid("/key", "fixed", "The key of a message never changes; it is " + row.key());
            }
            if (message.channel() != null && !message.channel().equals(row.channel())) {
                throw Problem.invalid(
                        "/channel", "fixed", "The channel of a message never changes; it is " + row.channel());
            }
            dao.setDraft(row.id(), message.content(row.channel()), clock.instant(), deed.by());
            note(dao, deed, "edited", row.key(), Map.of());
        });
    }

    MessageCheckResult check(String reference) {
        var row = jdbi.withExtension(MessageDao.class, dao -> row(dao, reference));
        var text = row.channel().equals(NewMessage.TEXT) ? row.pending().text() : null;
        return new MessageCheckResult(problems(row), text == null ? null : MessageCheck.leastLength(text));
    }

    Message goLive(String reference, @Nullable String ifMatch, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            // Segments are told at the end: whoever takes this lock and the row takes the lock first.
            SegmentParts.hold(handle);
            return change(handle, reference, (dao, row) -> {
                Versions.heed(ifMatch, row.version());
                if (row.state().equals(Message.LIVE) && row.draft() == null) {
                    return;
                }
                var problems = problems(row);
                if (!problems.isEmpty()) {
                    throw Problem.invalid(problems);
                }
                var version = row.draft() == null && row.liveVersion() != null
                        ? row.liveVersion()
                        : dao.addVersion(row.id(), row.pending(), clock.instant(), deed.by());
                dao.setLive(row.id(), Message.LIVE, version, clock.instant(), deed.by());
                note(dao, deed, "live", row.key(), Map.of("version", version));
                name(handle, row.key(), row.channel(), row.pending());
            });
        });
    }

    Message stop(String reference, @Nullable String ifMatch, boolean force, Deed deed) {
        return change(reference, (dao, row) -> {
            Versions.heed(ifMatch, row.version());
            switch (row.state()) {
                case Message.LIVE -> {
                    if (!force) {
                        dao.useHandle(handle -> refuseWhenUsed(handle, row.key()));
                    }
                    dao.stop(row.id(), clock.instant(), deed.by());
                    note(dao, deed, "stopped", row.key(), Map.of("force", force));
                }
                case Message.STOPPED -> {}
                default ->
                    throw new Problem(
                            ProblemType.WRONG_STATE, "The message is a " + row.state() + "; only a live one stops");
            }
        });
    }

    void delete(String reference, @Nullable String ifMatch, Deed deed) {
        Transactions.use(jdbi, handle -> {
            var dao = handle.attach(MessageDao.class);
            var row = lock(dao, reference);
            Versions.heed(ifMatch, row.version());
            if (row.liveVersion() != null) {
                throw new Problem(
                        ProblemType.WRONG_STATE, "The message was live, so deliveries name it; stop it instead");
            }
            dao.delete(row.id());
            note(dao, deed, "deleted", row.key(), Map.of());
        });
    }

    private void note(MessageDao dao, Deed deed, String action, String message, Map<String, Object> details) {
        var done = new AuditLog.Done(action, Messages.KIND, message).with(details);
        AuditLog.note(dao.getHandle(), clock.instant(), deed, done);
    }

    /** Lets segments know the messages that were live before they asked. */
    void adopt() {
        Transactions.use(
                jdbi,
                handle -> handle.attach(MessageDao.class)
                        .unnamed()
                        .forEach(row -> name(
                                handle,
                                row.key(),
                                row.channel(),
                                row.toMessage().content())));
    }

    private void name(Handle handle, String key, String channel, MessageContent content) {
        var values = new HashMap<String, @Nullable Object>();
        values.put("name", content.name());
        values.put("channel", channel);
        values.put("purpose", content.purpose());
        values.put("topic", content.topic());
        values.put("tags", content.tags());
        named.put(handle, NamedRecord.MESSAGE, key, values);
    }

    private void refuseWhenUsed(Handle handle, String key) {
        var users = uses.stream()
                .flatMap(use -> use.of(handle, key).stream())
                .sorted()
                .toList();
        if (!users.isEmpty()) {
            throw new Problem(
                    ProblemType.IN_USE,
                    "Message " + key + " is used by " + String.join(", ", users)
                            + "; say {\"force\": true} if it is to be stopped all the same");
        }
    }

    private List<ProblemError> problems(MessageRow row) {
        return MessageCheck.meaning(
                row.channel(), row.pending(), types.contactAttributes().keySet());
    }

    @FunctionalInterface
    private interface Change {
        void apply(MessageDao dao, MessageRow row);
    }

    private Message change(String reference, Change change) {
        return Transactions.in(jdbi, handle -> change(handle, reference, change));
    }

    private static Message change(Handle handle, String reference, Change change) {
        var dao = handle.attach(MessageDao.class);
        var row = lock(dao, reference);
        change.apply(dao, row);
        return row(dao, row.key()).toMessage();
    }

    private static MessageRow row(MessageDao dao, String reference) {
        return dao.find(reference).orElseThrow(() -> Problem.notFound("message", reference));
    }

    private static MessageRow lock(MessageDao dao, String reference) {
        return dao.lock(reference).orElseThrow(() -> Problem.notFound("message", reference));
    }
}
