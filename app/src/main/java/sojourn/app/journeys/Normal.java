package sojourn.app.journeys;

/** The standard normal distribution. */
final class Normal {

    private static final double FAR = 7.07106781186547;
    private static final double[] ABOVE = {
        0.0352624965998911,
        0.700383064443688,
        6.37396220353165,
        33.912866078383,
        112.079291497871,
        221.213596169931,
        220.206867912376
    };
    private static final double[] BELOW = {
        0.0883883476483184,
        1.75566716318264,
        16.064177579207,
        86.7807322029461,
        296.564248779674,
        637.333633378831,
        793.826512519948,
        440.413735824752
    };

    private Normal() {}

    /**
     * How likely a value is to be greater than {@code z}: Hart's algorithm 5666 (1968) as Graeme West gives
     * it in "Better approximations to cumulative normal functions" (2005), and Laplace's continued fraction far out.
     */
    static double above(double z) {
        if (z < 0) {
            return 1 - above(-z);
        }
        var density = Math.exp(-z * z / 2);
        return z < FAR
                ? density * polynomial(ABOVE, z) / polynomial(BELOW, z)
                : density / continued(z) / Math.sqrt(2 * Math.PI);
    }

    /** z + 1/(z + 2/(z + 3/(z + ...))), far out where it has settled soon. */
    private static double continued(double z) {
        var value = z;
        for (var step = 40; step > 0; step--) {
            value = z + step / value;
        }
        return value;
    }

    private static double polynomial(double[] coefficients, double z) {
        var value = 0.0;
        for (var coefficient : coefficients) {
            value = value * z + coefficient;
        }
        return value;
    }

    /** How far values are from 0 at most with a probability, like 1.96 for 0.95. */
    static double within(double probability) {
        var low = 0.0;
        var high = 40.0;
        for (var halvings = 0; halvings < 100; halvings++) {
            var middle = (low + high) / 2;
            if (2 * above(middle) > 1 - probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
