package sojourn.app.messages;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.ImportConflicts;
import sojourn.app.platform.ImportedPart;
import sojourn.app.platform.ImportedPart.Outcome;
import sojourn.app.platform.Problem;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** Messages as parts of what other features give out and take in. */
public final class MessageParts {

    private final InstantSource clock;

    MessageParts(InstantSource clock) {
        this.clock = clock;
    }

    /** Those of these keys that there are, as they are live; as drafts where they never were. */
    public List<NewMessage> export(Handle handle, Collection<String> keys) {
        var dao = handle.attach(MessageDao.class);
        return keys.stream()
                .distinct()
                .map(dao::find)
                .flatMap(Optional::stream)
                .map(row -> NewMessage.like(
                        row.key(), row.channel(), row.toMessage().content()))
                .toList();
    }

    /** What a message reads of the contact, like {@code firstName}. */
    public static Set<String> contactFields(NewMessage message) {
        var texts = Stream.of(
                message.from(),
                message.replyTo(),
                message.subject(),
                message.preheader(),
                message.html(),
                message.text(),
                message.title(),
                message.body(),
                message.link());
        var data = message.data() == null ? Stream.<String>empty() : message.data().values().stream();
        return Stream.concat(texts, data)
                .filter(Objects::nonNull)
                .flatMap(text -> contactFields(text).stream())
                .collect(Collectors.toSet());
    }

    /** What a template reads of the contact; nothing where it cannot be read. */
    public static Set<String> contactFields(String template) {
        try {
            return Liquid.compile(template, Liquid.Output.TEXT).references().stream()
                    .filter(field -> field.root().equals("contact"))
                    .map(field -> field.rest().replaceFirst("^attributes\\.", ""))
                    .collect(Collectors.toSet());
        } catch (LiquidSyntaxException unreadable) {
            return Set.of();
        }
    }

    /** Makes the message a draft, or finds the same there, within the caller's transaction. */
    public ImportedPart put(Handle handle, NewMessage message, ImportConflicts conflicts, Deed deed) {
        var key = message.validKey();
        var channel = message.validChannel();
        var content = message.content(channel);
        var dao = handle.attach(MessageDao.class);
        if (dao.add(key, channel, content, clock.instant(), deed.by())) {
            note(handle, deed, "created", key);
            return ImportedPart.of(key, Outcome.created);
        }
        var row = dao.lock(key).orElseThrow(() -> Problem.notFound("message", key));
        if (isSame(row, channel, content)) {
            return ImportedPart.of(key, Outcome.kept);
        }
        return switch (conflicts) {
            case refuse -> throw ImportedPart.differs("message", key);
            case replace -> {
                if (!row.channel().equals(channel)) {
                    throw Problem.invalid(
                            "/channel", "fixed", "The channel of a message never changes; it is " + row.channel());
                }
                dao.setDraft(row.id(), content, clock.instant(), deed.by());
                note(handle, deed, "edited", key);
                yield ImportedPart.of(key, Outcome.replaced);
            }
            case rename -> {
                var other = ImportedPart.otherKey(
                        key,
                        free -> dao.find(free)
                                .map(there -> isSame(there, channel, content))
                                .orElse(true));
                yield put(handle, message.named(other), ImportConflicts.refuse, deed)
                        .sentAs(key);
            }
        };
    }

    private void note(Handle handle, Deed deed, String action, String message) {
        var done = new AuditLog.Done(action, Messages.KIND, message).with(Map.of("from", "bundle"));
        AuditLog.note(handle, clock.instant(), deed, done);
    }

    /** By what is live, or by what the next go live would publish. */
    private static boolean isSame(MessageRow row, String channel, MessageContent content) {
        return row.channel().equals(channel) && (content.equals(row.live()) || content.equals(row.pending()));
    }
}
