package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.journeys.Proportion.Between;
import sojourn.workflows.journeys.AbTest;

/**
 * How the variants of a test stand, and whether one is better than all others for sure. All pairs are compared, since which is
 * the best is known only from the same contacts; Holm's procedure (1979) keeps the chance of any wrong finding below the level.
 *
 * @param method how pairs are compared
 * @param confidence in percent
 * @param leader the variant with the highest rate; null while nothing was counted, or when several are alike
 * @param conclusive whether it is better than each other one for sure
 */
record VariantComparison(
        String method, double confidence, @Nullable String leader, boolean conclusive, List<VariantFigures> variants) {

    /** Where a test may end as soon as it is significant, looking often must not find what is not there. */
    static final String SEQUENTIAL = "mixture sequential probability ratio test, Holm over all pairs";

    static final String ONCE = "two-proportion z-test, Holm over all pairs";

    /** What was counted of a variant: of those it was given, whom it was sent (null where the variants are paths), who did it. */
    record Counted(String name, long assigned, @Nullable Long sent, long measured) {

        Proportion proportion() {
            return new Proportion(measured, sent == null ? assigned : sent);
        }
    }

    /**
     * A variant.
     *
     * @param rate {@code measured} by {@code sent}, or by {@code assigned} where the variants are paths
     * @param interval of the rate, by Wilson
     * @param difference of its rate from the leader's; null for the leader, as is all that follows
     * @param differenceInterval all of them hold together
     * @param pValue corrected for all pairs
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record VariantFigures(
            String name,
            long assigned,
            @Nullable Long sent,
            long measured,
            double rate,
            Between interval,
            @Nullable Double difference,
            @Nullable Between differenceInterval,
            @Nullable Double pValue) {}

    static VariantComparison of(AbTest test, List<Counted> counted) {
        return new Comparing(test, counted).compare();
    }

    /** Adjusts p-values so that each can be held against the level of them all, in their order. */
    static double[] holm(double[] values) {
        var order = new ArrayList<Integer>();
        for (var index = 0; index < values.length; index++) {
            order.add(index);
        }
        order.sort(Comparator.comparingDouble(index -> values[index]));
        var adjusted = new double[values.length];
        var least = 0.0;
        for (var rank = 0; rank < values.length; rank++) {
            var index = order.get(rank);
            least = Math.max(least, Math.min(1, (values.length - rank) * values[index]));
            adjusted[index] = least;
        }
        return adjusted;
    }

    /** The comparison in the making. */
    private static final class Comparing {

        private final AbTest test;
        private final List<Counted> counted;
        private final double level;
        private final int pairs;
        private final AlwaysValid always;
        private final double[][] pValues;

        Comparing(AbTest test, List<Counted> counted) {
            this.test = test;
            this.counted = counted;
            this.level = 1 - test.confidence().doubleValue() / 100;
            this.pairs = Math.max(1, counted.size() * (counted.size() - 1) / 2);
            this.always = new AlwaysValid(level, AlwaysValid.USUAL_SIZE);
            this.pValues = new double[counted.size()][counted.size()];
        }

        VariantComparison compare() {
            var values = new double[pairs];
            var pair = 0;
            for (var one = 0; one < counted.size(); one++) {
                for (var other = one + 1; other < counted.size(); other++) {
                    values[pair++] = pValue(proportion(one), proportion(other));
                }
            }
            var adjusted = holm(values);
            pair = 0;
            for (var one = 0; one < counted.size(); one++) {
                for (var other = one + 1; other < counted.size(); other++) {
                    pValues[one][other] = adjusted[pair];
                    pValues[other][one] = adjusted[pair++];
                }
            }
            var leader = leader();
            var figures = new ArrayList<VariantFigures>();
            for (var index = 0; index < counted.size(); index++) {
                figures.add(figures(index, leader));
            }
            return new VariantComparison(
                    test.endsWhenSignificant() ? SEQUENTIAL : ONCE,
                    test.confidence().doubleValue(),
                    leader < 0 ? null : counted.get(leader).name(),
                    leader >= 0 && isSure(leader),
                    List.copyOf(figures));
        }

        private Proportion proportion(int index) {
            return counted.get(index).proportion();
        }

        private double pValue(Proportion one, Proportion other) {
            if (!test.endsWhenSignificant()) {
                return one.pValue(other);
            }
            var error = one.pooledError(other);
            return error == 0 ? 1 : always.pValue((one.rate() - other.rate()) / error, one.size() + other.size());
        }

        private Between difference(Proportion one, Proportion other) {
            if (!test.endsWhenSignificant()) {
                return one.difference(other, 1 - level / pairs);
            }
            // Where one of them has nothing, or all, its own spread is not known yet.
            var error = Math.max(one.error(other), one.pooledError(other));
            if (error == 0) {
                return new Between(-1, 1);
            }
            var difference = one.rate() - other.rate();
            var half = always.halfWidth(error, one.size() + other.size(), level / pairs);
            return new Between(Math.max(-1, difference - half), Math.min(1, difference + half));
        }

        /** Its place; -1 when there is none. */
        private int leader() {
            var best = -1;
            var alike = false;
            for (var index = 0; index < counted.size(); index++) {
                var ahead = best < 0
                        ? proportion(index).rate()
                        : proportion(index).rate() - proportion(best).rate();
                if (ahead > 0) {
                    best = index;
                    alike = false;
                } else if (ahead == 0) {
                    alike = true;
                }
            }
            return alike ? -1 : best;
        }

        private boolean isSure(int leader) {
            for (var index = 0; index < counted.size(); index++) {
                if (proportion(index).size() < test.atLeast() || (index != leader && pValues[leader][index] > level)) {
                    return false;
                }
            }
            return true;
        }

        private VariantFigures figures(int index, int leader) {
            var one = counted.get(index);
            var rate = one.proportion().rate();
            var interval = rounded(one.proportion().interval(1 - level));
            if (leader < 0 || index == leader) {
                return new VariantFigures(
                        one.name(),
                        one.assigned(),
                        one.sent(),
                        one.measured(),
                        rounded(rate),
                        interval,
                        null,
                        null,
                        null);
            }
            return new VariantFigures(
                    one.name(),
                    one.assigned(),
                    one.sent(),
                    one.measured(),
                    rounded(rate),
                    interval,
                    rounded(rate - proportion(leader).rate()),
                    rounded(difference(one.proportion(), proportion(leader))),
                    rounded(pValues[index][leader]));
        }

        private static Between rounded(Between between) {
            return new Between(rounded(between.from()), rounded(between.to()));
        }

        private static double rounded(double value) {
            return Math.round(value * 1e6) / 1e6;
        }
    }
}
