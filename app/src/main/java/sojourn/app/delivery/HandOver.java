package sojourn.app.delivery;

/** What became of a message that a provider was given. */
sealed interface HandOver {

    /** The provider has taken it. */
    record Accepted() implements HandOver {}

    /**
     * The provider refuses this recipient for good.
     *
     * @param bounce {@code hard}, {@code soft} or {@code block}
     */
    record Bounced(String bounce) implements HandOver {}

    /**
     * The provider refuses this message for good, whoever it is for.
     *
     * @param code its answer, or a word of ours
     */
    record Refused(String code) implements HandOver {}

    /** The provider does not have it and may take it later. */
    record NotNow(String why) implements HandOver {}

    /** The connection was lost after all was said and before the answer: the provider may have it. */
    record Unknown() implements HandOver {}
}
