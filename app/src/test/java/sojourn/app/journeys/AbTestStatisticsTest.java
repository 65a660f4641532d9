package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sojourn.app.journeys.VariantComparison.Counted;
import sojourn.workflows.journeys.AbTest;

/** The statistics of tests, against values that others have published. */
class AbTestStatisticsTest {

    private static final Offset<Double> FOUR_DIGITS = within(0.00005);

    @ParameterizedTest
    @CsvSource({ // tables of the normal distribution; the last two from Abramowitz and Stegun, 26.1
        "0, 0.5",
        "1, 0.15865525393146",
        "1.959963984540054, 0.025",
        "2.5758293035489, 0.005",
        "-1, 0.84134474606854",
        "3, 0.00134989803163",
        "5, 2.8665157187919e-7"
    })
    void the_normal_distribution_is_that_of_the_tables(double z, double above) {
        assertThat(Normal.above(z)).isCloseTo(above, within(above * 1e-10));
        assertThat(Normal.above(8)).isCloseTo(6.22096057427e-16, within(1e-26));
        assertThat(Normal.within(0.95)).isCloseTo(1.959963984540054, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({ // Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        "0, 20, 0.0000, 0.1611",
        "1, 29, 0.0061, 0.1718"
    })
    void intervals_of_rates_are_those_of_wilson(long hits, long size, double from, double to) {
        var interval = new Proportion(hits, size).interval(0.95);

        assertThat(interval.from()).isCloseTo(from, FOUR_DIGITS);
        assertThat(interval.to()).isCloseTo(to, FOUR_DIGITS);
    }

    @ParameterizedTest
    @CsvSource({ // Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10
        "56, 70, 48, 80, 0.0524, 0.3339",
        "9, 10, 3, 10, 0.1705, 0.8090",
        "6, 7, 2, 7, 0.0582, 0.8062",
        "5, 56, 0, 29, -0.0381, 0.1926",
        "0, 10, 0, 20, -0.1611, 0.2775",
        "10, 10, 0, 20, 0.6791, 1.0000"
    })
    void intervals_of_differences_are_those_of_newcombe(
            long hits, long size, long otherHits, long otherSize, double from, double to) {
        var interval = new Proportion(hits, size).difference(new Proportion(otherHits, otherSize), 0.95);

        assertThat(interval.from()).isCloseTo(from, FOUR_DIGITS);
        assertThat(interval.to()).isCloseTo(to, FOUR_DIGITS);
    }

    @Test
    void two_proportions_compare_as_in_the_physicians_health_study() {
        // Agresti, Categorical Data Analysis: heart attacks with placebo and with aspirin, chi-squared 25.01.
        var placebo = new Proportion(189, 11_034);
        var aspirin = new Proportion(104, 11_037);

        var z = (placebo.rate() - aspirin.rate()) / placebo.pooledError(aspirin);
        assertThat(z * z).isCloseTo(25.01, within(0.005));
        assertThat(placebo.error(aspirin)).isCloseTo(0.0015, FOUR_DIGITS);
        assertThat(placebo.pValue(aspirin)).isCloseTo(5.7e-7, within(0.5e-7));
        assertThat(new Proportion(0, 50).pValue(new Proportion(0, 40))).isEqualTo(1);
    }

    @Test
    void holm_corrects_as_in_his_procedures_textbook_example() {
        // Wikipedia, "Holm-Bonferroni method"; R: p.adjust(c(.01, .04, .03, .005), "holm").
        assertThat(VariantComparison.holm(new double[] {0.01, 0.04, 0.03, 0.005}))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({ // reference values of PostHog's and GrowthBook's implementations of equation 9 of arXiv 2103.06476
        "0.33368, 6500, 1000, 1.06292",
        "0.03354, 6550, 5000, 0.10192"
    })
    void confidence_sequences_are_as_wide_as_published(double error, long size, double tuned, double half) {
        assertThat(new AlwaysValid(0.05, tuned).halfWidth(error, size, 0.05)).isCloseTo(half, within(0.0001));
    }

    @Test
    void a_p_value_is_at_the_level_where_the_interval_touches_nothing() {
        var always = new AlwaysValid(0.05, 5_000);
        for (var size : List.of(50L, 1_000L, 5_000L, 1_000_000L)) {
            assertThat(always.pValue(always.halfWidth(1, size, 0.05), size)).isCloseTo(0.05, within(1e-9));
        }
        assertThat(always.pValue(0, 1_000)).isEqualTo(1);
    }

    @Test
    void looking_a_hundred_times_finds_what_is_not_there_less_often_than_the_level_says() {
        var always = new AlwaysValid(0.05, AlwaysValid.USUAL_SIZE);

        var sequential = foundInVain((one, other) -> always.pValue(
                        (one.rate() - other.rate()) / Math.max(1e-9, one.pooledError(other)), one.size() + other.size())
                <= 0.05);
        var naive = foundInVain((one, other) -> one.pValue(other) <= 0.05);

        assertThat(sequential).isLessThan(0.05);
        // What the same looks do to a test that is made to be looked at once.
        assertThat(naive).isGreaterThan(0.2);
    }

    /** How many of a thousand tests of two variants that are the same find a winner at any of a hundred looks. */
    private static double foundInVain(BiPredicate<Proportion, Proportion> finds) {
        var random = new Random(20_261_130);
        var found = 0;
        for (var test = 0; test < 1_000; test++) {
            var hits = new long[2];
            var over = false;
            for (var look = 1; look <= 100 && !over; look++) {
                for (var contact = 0; contact < 100; contact++) {
                    hits[contact % 2] += random.nextInt(100) < 5 ? 1 : 0;
                }
                over = finds.test(new Proportion(hits[0], look * 50L), new Proportion(hits[1], look * 50L));
            }
            found += over ? 1 : 0;
        }
        return found / 1_000.0;
    }

    @Test
    void a_winner_is_better_than_each_other_one_and_has_enough_contacts() {
        assertThat(compared(test(false, 100), counted("a", 1000, 100), counted("b", 1000, 200)))
                .isTrue();
        // Two of three lead together.
        assertThat(compared(
                        test(false, 100), counted("a", 1000, 100), counted("b", 1000, 200), counted("c", 1000, 198)))
                .isFalse();
        assertThat(compared(test(false, 1001), counted("a", 1000, 100), counted("b", 1000, 200)))
                .isFalse();
        assertThat(compared(test(false, 1), counted("a", 1000, 100), counted("b", 1000, 100)))
                .isFalse();
        assertThat(compared(test(false, 1), counted("a", 0, 0), counted("b", 0, 0)))
                .isFalse();
    }

    @Test
    void figures_are_those_of_each_variant_against_the_leader() {
        var stands = VariantComparison.of(test(false, 1), List.of(counted("a", 80, 48), counted("b", 70, 56)));

        assertThat(stands.leader()).isEqualTo("b");
        var a = stands.variants().getFirst();
        assertThat(a.rate()).isEqualTo(0.6);
        assertThat(a.difference()).isEqualTo(-0.2);
        assertThat(a.differenceInterval()).isNotNull().satisfies(interval -> {
            assertThat(interval.from()).isCloseTo(-0.3339, FOUR_DIGITS);
            assertThat(interval.to()).isCloseTo(-0.0524, FOUR_DIGITS);
        });
        assertThat(stands.variants().getLast().pValue()).isNull();
        assertThat(VariantComparison.of(test(true, 1), List.of(counted("a", 80, 48), counted("b", 70, 56)))
                        .conclusive())
                .as("what is sure at one look is not sure at any")
                .isFalse();
        assertThat(stands.conclusive()).isTrue();
    }

    private static boolean compared(AbTest test, Counted... counted) {
        return VariantComparison.of(test, List.of(counted)).conclusive();
    }

    private static Counted counted(String name, long assigned, long measured) {
        return new Counted(name, assigned, null, measured);
    }

    private static AbTest test(boolean often, int atLeast) {
        return new AbTest(List.of(), AbTest.Metric.goal, new AbTest.Ending(null, often, null, atLeast), "a", null);
    }
}
