package sojourn.app.delivery;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For trying things out: takes every message, brings it to nobody, and says so in the log. */
final class LogSender<M extends Outgoing> implements Sender<M> {

    private static final Logger log = LoggerFactory.getLogger(LogSender.class);

    private final String kind;

    LogSender(String kind) {
        this.kind = kind;
    }

    @Override
    public Ready<M> connect() {
        return ConnectionLess.of(message -> {
            log.warn("{} of delivery {} counts as sent and reaches nobody: the sender is log", kind, message.id());
            return new HandOver.Accepted();
        });
    }
}
