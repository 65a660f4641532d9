package sojourn.app.delivery;

import io.dropwizard.core.setup.Environment;
import java.net.URI;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.messages.MessagesFeature;
import sojourn.app.platform.Temporal;
import sojourn.workflows.journeys.EmailActivities;

/** The door to delivery: sending, tracking, consent. */
public final class DeliveryFeature {

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final Changes changes;
    private final OwnInteractions interactions;
    private final MessagesFeature messages;
    private final InstantSource clock;
    private final Consents consents;
    private final Tokens tokens;
    private final TrackingUrls urls;
    private final Recorder recorder;
    private final DoNotContact doNotContact;

    /** Builds the parts; {@code publicUrl} is where the world reaches this installation. */
    public DeliveryFeature(
            Jdbi jdbi,
            ContactsFeature contacts,
            InteractionsFeature interactions,
            MessagesFeature messages,
            URI publicUrl,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.contacts = contacts.contacts();
        this.changes = contacts.changes();
        this.interactions = interactions.own();
        this.messages = messages;
        this.clock = clock;
        this.consents = new Consents(changes);
        this.tokens = new Tokens(new Keys(jdbi, "tracking-key"));
        this.urls = new TrackingUrls(publicUrl);
        this.recorder = new Recorder(jdbi, this.interactions, changes);
        this.doNotContact = new DoNotContact(jdbi);
        contacts.erasure().add(new DeliveryErasure(doNotContact, clock));
        contacts.merges().addFarewell(doNotContact::keep);
        contacts.merges().add(ConsentMerge::deliveries);
        contacts.merges().addFollowing(new ConsentMerge(changes));
    }

    public Consents consents() {
        return consents;
    }

    public Deliveries deliveries() {
        return new Deliveries();
    }

    public void register(Environment environment) {
        var jersey = environment.jersey();
        jersey.register(new TrackingResource(tokens, recorder, clock));
        jersey.register(
                new UnsubscribeResource(jdbi, tokens, consents, messages.messages(), interactions, changes, clock));
        jersey.register(new DeliveriesResource(jdbi, contacts));
        jersey.register(new ConsentsResource(jdbi, contacts, consents, changes, clock));
        environment.lifecycle().manage(recorder.loop());
    }

    /** Sends messages for journeys, on the task queue of each channel, and emails that somebody tries out. */
    public void work(
            Environment environment,
            Temporal temporal,
            Passages passages,
            SmtpSettings smtp,
            ChannelSettings channels) {
        var connections = new SmtpConnections(smtp);
        environment.lifecycle().manage(connections);
        var server = new SmtpServer(connections, smtp);
        var pace = new Pace(smtp.ratePerSecond());
        environment
                .jersey()
                .register(new TestSendResource(jdbi, messages.previews(), doNotContact, server, pace, clock));
        var delivery = emailDelivery(passages, server, pace, Attempt::ofActivity);
        var workers = new ChannelWorkers(temporal, this, passages, clock);
        workers.serve("email", smtp.ratePerSecond(), smtp.connections(), (EmailActivities) delivery::send);
        workers.serve("text", channels.text());
        workers.serve("push", channels.push());
        workers.serve(channels.webhook(), new Keys(jdbi, "webhook-key"));
        for (var custom : channels.custom()) {
            if (custom.text() != null) {
                workers.serve(custom.name(), custom.text());
            } else if (custom.push() != null) {
                workers.serve(custom.name(), custom.push());
            }
        }
    }

    TileDelivery<Email> emailDelivery(Passages passages, Sender<Email> sender, Pace pace, Supplier<Attempt> attempts) {
        return delivery(passages, new EmailWriter(messages.renderer(), tokens, urls, clock), sender, pace, attempts);
    }

    TileDelivery<TextMessage> textDelivery(
            Passages passages, Sender<TextMessage> sender, Pace pace, Supplier<Attempt> attempts) {
        return delivery(passages, new TextWriter(messages.renderer(), tokens, urls), sender, pace, attempts);
    }

    TileDelivery<PushMessage> pushDelivery(
            Passages passages,
            String tokenAttribute,
            Sender<PushMessage> sender,
            Pace pace,
            Supplier<Attempt> attempts) {
        var writer = new PushWriter(messages.renderer(), tokens, urls, tokenAttribute);
        return delivery(passages, writer, sender, pace, attempts);
    }

    TileDelivery<WebhookCall> webhookDelivery(
            Passages passages, Sender<WebhookCall> sender, Pace pace, Supplier<Attempt> attempts) {
        return delivery(passages, new WebhookWriter(messages.templates()), sender, pace, attempts);
    }

    private <M> TileDelivery<M> delivery(
            Passages passages, Writer<M> writer, Sender<M> sender, Pace pace, Supplier<Attempt> attempts) {
        var endings = new Endings(clock);
        var permission = new Permission(consents, doNotContact);
        var reservations = new Reservations<>(
                jdbi,
                passages,
                contacts,
                messages.messages(),
                permission,
                writer,
                sender.receiversKnowRepeats(),
                endings,
                clock);
        return new TileDelivery<>(
                jdbi, passages, reservations, endings, permission, changes, sender, pace, attempts, clock);
    }
}
