package sojourn.app.delivery;

/** Where the settings name nobody who takes messages, they wait, and expire when they may. */
final class NoSender<M> implements Sender<M> {

    private final String setting;

    NoSender(String setting) {
        this.setting = setting;
    }

    @Override
    public Ready<M> connect() throws UnavailableException {
        throw new UnavailableException("Nobody takes such messages: " + setting + " in config.yml names no sender");
    }
}
