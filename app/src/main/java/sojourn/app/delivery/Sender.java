package sojourn.app.delivery;

/**
 * Hands messages of one kind over to whoever brings them to contacts: a mail server, a provider's API, a webhook. Tests
 * put their own steps between.
 */
interface Sender<M> {

    /** A connection, or whatever else it takes, that is ready to take one message. */
    interface Ready<M> extends AutoCloseable {

        HandOver handOver(M message);

        @Override
        void close();
    }

    /** Makes ready, or says why that cannot be done now. */
    Ready<M> connect() throws UnavailableException, InterruptedException;

    /**
     * Whether whoever gets a message twice can tell by its id, the delivery's. Then what may have arrived is handed over
     * again; else never.
     */
    default boolean receiversKnowRepeats() {
        return false;
    }

    /** The provider cannot be reached or takes nothing; nothing was sent. */
    final class UnavailableException extends Exception {
        UnavailableException(String message) {
            super(message);
        }
    }
}
