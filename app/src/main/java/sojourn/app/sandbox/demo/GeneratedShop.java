package sojourn.app.sandbox.demo;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sojourn.app.sandbox.demo.Shop.Customer;
import sojourn.app.sandbox.demo.Shop.Purchase;

/**
 * Makes a shop up: many customers who bought once or twice and a few who buy all the time, nearly half of whom have stayed
 * away for months. The same seed makes the same shop.
 */
final class GeneratedShop {

    private static final double STAYS_AWAY = 0.45;
    private static final int OLDEST = 540;
    private static final int MOST_PURCHASES = 60;

    private final Random random;
    private final LocalDate today;
    private int orders;

    private GeneratedShop(Random random, LocalDate today) {
        this.random = random;
        this.today = today;
    }

    static Shop of(int contacts, long seed, Instant now) {
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        var maker = new GeneratedShop(new Random(seed), today);
        var customers = new ArrayList<Customer>(contacts);
        for (var number = 1; number <= contacts; number++) {
            customers.add(maker.customer("c" + number));
        }
        return new Shop("a shop of " + contacts + " made up with seed " + seed, today, now, customers);
    }

    private Customer customer(String id) {
        var person = Person.random(id, random);
        return new Customer(id, person.email(), person.firstName(), person.lastName(), person.timeZone(), purchases());
    }

    private List<Purchase> purchases() {
        var count = (int) Math.clamp(Math.exp(0.7 + 1.1 * random.nextGaussian()), 1, MOST_PURCHASES);
        var newest = random.nextDouble() < STAYS_AWAY
                ? Facts.LAPSED_DAYS + random.nextInt(OLDEST - Facts.LAPSED_DAYS)
                : random.nextInt(Facts.LAPSED_DAYS);
        var purchases = new ArrayList<Purchase>(count);
        for (var n = 0; n < count; n++) {
            var daysAgo = n == 0 ? newest : newest + random.nextInt(OLDEST - newest + 1);
            purchases.add(purchase(daysAgo));
        }
        return purchases;
    }

    private Purchase purchase(int daysAgo) {
        var cds = 1 + (int) Math.min(9, -Math.log(1 - random.nextDouble()) * 1.3);
        var cents = cds * (800 + random.nextInt(1200));
        orders++;
        return new Purchase("order-" + orders, today.minusDays(daysAgo), cds, BigDecimal.valueOf(cents, 2));
    }
}
