package sojourn.app.journeys;

/** So many of so many: what is counted of a variant, and how two of them compare when they are looked at once. */
record Proportion(long hits, long size) {

    /** From one number to another. */
    record Between(double from, double to) {}

    double rate() {
        return size == 0 ? 0 : (double) hits / size;
    }

    /** Where the true rate lies: Wilson's score interval without continuity correction (1927; Newcombe 1998, method 3). */
    Between interval(double confidence) {
        if (size == 0) {
            return new Between(0, 1);
        }
        var z = Normal.within(confidence);
        var middle = 2 * hits + z * z;
        var half = z * Math.sqrt(z * z + 4 * hits * (1 - rate()));
        var whole = 2 * (size + z * z);
        return new Between(Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole));
    }

    /**
     * How likely two rates are to be as different as these, if they are the same in truth: the two-sided z-test of two
     * proportions with pooled variance, whose square is Pearson's chi-squared. 1 where nothing tells them apart.
     */
    double pValue(Proportion other) {
        var error = pooledError(other);
        return error == 0 ? 1 : 2 * Normal.above(Math.abs(rate() - other.rate()) / error);
    }

    /** Where the difference of this rate from another lies: Newcombe's score interval (1998, method 10). */
    Between difference(Proportion other, double confidence) {
        var difference = rate() - other.rate();
        var mine = interval(confidence);
        var others = other.interval(confidence);
        return new Between(
                difference - Math.hypot(rate() - mine.from(), others.to() - other.rate()),
                difference + Math.hypot(mine.to() - rate(), other.rate() - others.from()));
    }

    /** Standard error of the difference if the rates are the same. */
    double pooledError(Proportion other) {
        if (size == 0 || other.size == 0) {
            return 0;
        }
        var pooled = (double) (hits + other.hits) / (size + other.size);
        return Math.sqrt(pooled * (1 - pooled) * (1.0 / size + 1.0 / other.size));
    }

    /** Standard error of the difference. */
    double error(Proportion other) {
        return size == 0 || other.size == 0
                ? 0
                : Math.sqrt(rate() * (1 - rate()) / size + other.rate() * (1 - other.rate()) / other.size);
    }
}
