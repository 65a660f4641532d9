package sojourn.app.delivery;

/** What became of an email that a mail server was given. */
sealed interface HandOver {

    /** The server has taken it. */
    record Accepted() implements HandOver {}

    /**
     * The server refuses this recipient for good.
     *
     * @param bounce {@code hard}, {@code soft} or {@code block}
     */
    record Bounced(String bounce) implements HandOver {}

    /** The server refuses this email for good, whoever it is for. */
    record Refused(int code) implements HandOver {}

    /** The server does not have it and may take it later. */
    record NotNow(String why) implements HandOver {}

    /** The connection was lost after all was said and before the answer: the server may have it. */
    record Unknown() implements HandOver {}
}
