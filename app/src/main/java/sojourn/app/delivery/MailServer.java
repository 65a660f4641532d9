package sojourn.app.delivery;

/** Takes emails. There is one way in the product, SMTP; tests put their own steps between. */
interface MailServer {

    /** A connection that is ready to take one email. */
    interface Ready extends AutoCloseable {

        HandOver handOver(Email email);

        @Override
        void close();
    }

    /** Makes ready, or says why that cannot be done now. */
    Ready connect() throws UnavailableException, InterruptedException;

    /** The server cannot be reached or takes nothing; nothing was sent. */
    final class UnavailableException extends Exception {
        UnavailableException(String message) {
            super(message);
        }
    }
}
