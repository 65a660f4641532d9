package sojourn.app.delivery;

import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Temporal;
import sojourn.workflows.journeys.PushActivities;
import sojourn.workflows.journeys.TextActivities;
import sojourn.workflows.journeys.WebhookActivities;

/** Puts together who sends over each channel, on a task queue with the channel's own rate and number at once. */
final class ChannelWorkers {

    private static final String MESSAGING = "https://www.googleapis.com/auth/firebase.messaging";

    private final Temporal temporal;
    private final DeliveryFeature feature;
    private final Passages passages;
    private final InstantSource clock;

    ChannelWorkers(Temporal temporal, DeliveryFeature feature, Passages passages, InstantSource clock) {
        this.temporal = temporal;
        this.feature = feature;
        this.passages = passages;
        this.clock = clock;
    }

    void serve(String channel, TextSettings settings) {
        var delivery = feature.textDelivery(
                passages, sender(settings), new Pace(settings.ratePerSecond()), Attempt::ofActivity);
        serve(channel, settings.ratePerSecond(), settings.atOnce(), (TextActivities) delivery::send);
    }

    void serve(String channel, PushSettings settings) {
        var delivery = feature.pushDelivery(
                passages,
                settings.tokenAttribute(),
                sender(settings),
                new Pace(settings.ratePerSecond()),
                Attempt::ofActivity);
        serve(channel, settings.ratePerSecond(), settings.atOnce(), (PushActivities) delivery::send);
    }

    /** @param ownKey signs where the settings have no secret */
    void serve(WebhookSettings settings, Keys ownKey) {
        var http = new HttpCalls(
                new Egress(settings.networks()),
                settings.connectTimeout().toJavaDuration(),
                settings.timeout().toJavaDuration());
        var signature =
                settings.secret() == null ? WebhookSignature.with(ownKey) : WebhookSignature.with(settings.secret());
        var delivery = feature.webhookDelivery(
                passages,
                new WebhookSender(http, signature, clock),
                new Pace(settings.ratePerSecond()),
                Attempt::ofActivity);
        serve("webhook", settings.ratePerSecond(), settings.atOnce(), (WebhookActivities) delivery::send);
    }

    void serve(String channel, double ratePerSecond, int atOnce, Object activities) {
        var queue = Temporal.channel(channel);
        temporal.configure(
                queue,
                WorkerOptions.newBuilder()
                        .setMaxTaskQueueActivitiesPerSecond(ratePerSecond)
                        .setMaxConcurrentActivityExecutionSize(atOnce));
        temporal.onQueue(queue, worker -> worker.registerActivitiesImplementations(activities));
    }

    private static Sender<TextMessage> sender(TextSettings settings) {
        return switch (settings.sender()) {
            case NONE -> new NoSender<>("channels.text.sender");
            case LOG -> new LogSender<>("text");
            case TWILIO ->
                new TwilioSender(
                        new HttpCalls(
                                Hosts.any(),
                                settings.connectTimeout().toJavaDuration(),
                                settings.timeout().toJavaDuration()),
                        settings.twilio());
        };
    }

    private Sender<PushMessage> sender(PushSettings settings) {
        return switch (settings.sender()) {
            case NONE -> new NoSender<>("channels.push.sender");
            case LOG -> new LogSender<>("push");
            case FIREBASE -> {
                var http = new HttpCalls(
                        Hosts.any(),
                        settings.connectTimeout().toJavaDuration(),
                        settings.timeout().toJavaDuration());
                var account = account(settings.firebase().serviceAccount());
                yield new FirebaseSender(
                        http, settings.firebase().url(), account, new GoogleTokens(http, account, MESSAGING, clock));
            }
        };
    }

    private static ServiceAccount account(@Nullable Path file) {
        try {
            if (file == null) {
                throw new IOException("There is no file");
            }
            return ServiceAccount.read(file);
        } catch (IOException | GeneralSecurityException unreadable) {
            throw new IllegalArgumentException("channels.push.firebase.serviceAccount cannot be read", unreadable);
        }
    }
}
