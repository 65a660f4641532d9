package sojourn.app.delivery;

/** What the status of a provider's answer says where its body says no more. */
final class ProviderAnswers {

    private ProviderAnswers() {}

    /**
     * Login and address of a provider are ours to put right, and no message is to blame. 503 says that nothing was done;
     * any other failure of the provider may have come after it had taken the message.
     */
    static HandOver otherwise(int status) {
        if (status >= 200 && status < 300) {
            return new HandOver.Accepted();
        }
        return switch (status) {
            case 401, 403, 404, 407, 408, 425, 429, 503 -> new HandOver.NotNow("answer " + status);
            default -> {
                if (status >= 500) {
                    yield new HandOver.Unknown();
                }
                yield status >= 400
                        ? new HandOver.Refused(String.valueOf(status))
                        : new HandOver.NotNow("answer " + status);
            }
        };
    }
}
