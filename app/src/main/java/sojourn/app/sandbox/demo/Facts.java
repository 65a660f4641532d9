package sojourn.app.sandbox.demo;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;
import sojourn.app.sandbox.demo.Shop.Customer;

/** What is true of a shop's customers: counted here, in plain Java and by date, and told apart by a segment each. */
final class Facts {

    /** Who has not bought for so many days has lapsed. */
    static final int LAPSED_DAYS = 90;

    private static final BigDecimal BIG = BigDecimal.valueOf(500);

    private Facts() {}

    /**
     * Something that some customers have in common.
     *
     * @param segment key of the segment that holds them
     * @param query of that segment
     * @param count how many they are by the shop's books
     */
    record Fact(String text, String segment, String query, long count) {}

    static List<Fact> of(Shop shop) {
        var since = shop.lastDay().minusDays(LAPSED_DAYS);
        return List.of(
                fact(
                        shop,
                        "customers who bought",
                        "customers",
                        "INTERACTION(Purchase)",
                        customer -> !customer.purchases().isEmpty()),
                fact(
                        shop,
                        "exactly one purchase",
                        "one-time-buyers",
                        "INTERACTION(Purchase).HAVING(COUNT() == 1)",
                        customer -> customer.purchases().size() == 1),
                fact(
                        shop,
                        "at least 10 purchases",
                        "regulars",
                        "INTERACTION(Purchase).HAVING(COUNT() >= 10)",
                        customer -> customer.purchases().size() >= 10),
                fact(
                        shop,
                        "no purchase after " + since,
                        "lapsed",
                        "INTERACTION(Purchase) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(90))",
                        customer -> !customer.lastPurchase().isAfter(since)),
                fact(
                        shop,
                        "spent more than 500 in total",
                        "big-spenders",
                        "INTERACTION(Purchase).HAVING(SUM(amount) > 500)",
                        customer -> customer.spent().compareTo(BIG) > 0),
                fact(
                        shop,
                        "at least 3 purchases after " + since,
                        "busy-lately",
                        "INTERACTION(Purchase).HAVING(COUNT() >= 3, DAYS(90))",
                        customer -> customer.purchases().stream()
                                        .filter(purchase -> purchase.date().isAfter(since))
                                        .count()
                                >= 3));
    }

    private static Fact fact(Shop shop, String text, String segment, String query, Predicate<Customer> holds) {
        return new Fact(
                text, segment, query, shop.customers().stream().filter(holds).count());
    }
}
