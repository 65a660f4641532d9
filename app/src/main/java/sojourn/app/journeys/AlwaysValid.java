package sojourn.app.journeys;

/**
 * Comparing two rates as often as one likes while contacts come: the chance that a difference which is not there is ever
 * found stays below the level, whenever one stops. The normal mixture sequential probability ratio test (Robbins 1970; Johari,
 * Pekelis and Walsh, "Always valid inference", 2015) in the form of the asymptotic confidence sequences of Waudby-Smith, Arbour,
 * Sinha, Kennedy and Ramdas (Annals of Statistics, 2024; arXiv 2103.06476, theorem 2.2).
 */
final class AlwaysValid {

    /** For how many contacts, both variants together, intervals are the narrowest. */
    static final double USUAL_SIZE = 5_000;

    private final double mixing;

    /**
     * @param level at which something counts as found, like 0.05
     * @param size for which intervals are the narrowest
     */
    AlwaysValid(double level, double size) {
        var twice = -2 * Math.log(level);
        this.mixing = (twice + Math.log(twice + 1)) / size;
    }

    /**
     * The least level at which the difference counts as found.
     *
     * @param z the difference by its standard error
     * @param size contacts of both
     */
    double pValue(double z, long size) {
        var seen = size * mixing;
        var evidence = seen * z * z / (2 * (1 + seen)) - Math.log1p(seen) / 2;
        return Math.min(1, Math.exp(-evidence));
    }

    /** How far the true difference is from the one seen, at most, at any time. */
    double halfWidth(double error, long size, double level) {
        var seen = size * mixing;
        return error * Math.sqrt(2 * (1 + seen) / seen * (Math.log1p(seen) / 2 - Math.log(level)));
    }
}
