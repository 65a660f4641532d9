package sojourn.app.delivery;

import jakarta.mail.MessagingException;

/** The mail server of the settings. */
final class SmtpServer implements Sender<Email> {

    private final SmtpConnections connections;
    private final String messageIdDomain;

    SmtpServer(SmtpConnections connections, SmtpSettings settings) {
        this.connections = connections;
        this.messageIdDomain = settings.messageIdDomain();
    }

    @Override
    public Ready<Email> connect() throws UnavailableException, InterruptedException {
        return new OnConnection(connections.open());
    }

    private final class OnConnection implements Ready<Email> {

        private final SmtpConnections.Connection connection;

        OnConnection(SmtpConnections.Connection connection) {
            this.connection = connection;
        }

        @Override
        public HandOver handOver(Email email) {
            MimeEmail mime;
            try {
                mime = MimeEmail.of(email, connections.session(), messageIdDomain);
            } catch (MessagingException unfit) {
                return new HandOver.Refused("0");
            }
            return connection.send(mime, email.to());
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
