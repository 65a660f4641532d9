package sojourn.app.delivery;

import java.util.function.Function;

/** Makes a sender's readiness where each message has a connection of its own, so that none is there to keep. */
final class ConnectionLess {

    private ConnectionLess() {}

    static <M> Sender.Ready<M> of(Function<M, HandOver> handOver) {
        return new Sender.Ready<>() {
            @Override
            public HandOver handOver(M message) {
                return handOver.apply(message);
            }

            @Override
            public void close() {}
        };
    }
}
