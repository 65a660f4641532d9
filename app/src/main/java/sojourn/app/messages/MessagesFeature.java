package sojourn.app.messages;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.segments.NamedRecords;

/** The door to messages. */
public final class MessagesFeature {

    private final Messages messages = new Messages();
    private final MessageRenderer renderer = new MessageRenderer();
    private final Templates templates = new Templates();
    private final TemplateCheck templateCheck;
    private final MessageEditor editor;
    private final Previews previews;
    private final MessagesResource resource;
    private final InstantSource clock;

    public MessagesFeature(Jdbi jdbi, ProfileTypes types, Contacts contacts, NamedRecords named, InstantSource clock) {
        this.clock = clock;
        this.templateCheck = new TemplateCheck(() -> types.contactAttributes().keySet());
        this.editor = new MessageEditor(jdbi, types, named, clock);
        this.previews = new Previews(jdbi, editor, renderer, contacts);
        this.resource = new MessagesResource(jdbi, editor, previews);
    }

    /** A message that this says is used is not stopped, unless that is forced. */
    public void usedBy(MessageUse use) {
        editor.usedBy(use);
    }

    public void register(Environment environment) {
        environment.jersey().register(resource);
        environment.lifecycle().manage(new Managed() {
            @Override
            public void start() {
                editor.adopt();
            }
        });
    }

    public Messages messages() {
        return messages;
    }

    public Previews previews() {
        return previews;
    }

    /** Renders templates outside of messages. */
    public Templates templates() {
        return templates;
    }

    /** Messages that come and go with what other features export and import. */
    public MessageParts parts() {
        return new MessageParts(clock);
    }

    /** Judges templates outside of messages. */
    public TemplateCheck templateCheck() {
        return templateCheck;
    }

    public MessageRenderer renderer() {
        return renderer;
    }
}
