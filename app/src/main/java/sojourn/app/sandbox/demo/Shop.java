package sojourn.app.sandbox.demo;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shop: its customers and what they bought.
 *
 * @param lastDay the day of its books that is today
 * @param now every purchase is at this time of day, those of the last day at this very moment; so for the next 24 hours
 *     windows of whole days that end in the present hold exactly the days that they hold counted by date
 */
record Shop(String name, LocalDate lastDay, Instant now, List<Customer> customers) {

    Shop {
        customers = List.copyOf(customers);
    }

    /** @param email null for the few who never told */
    record Customer(
            String id,
            @Nullable String email,
            String firstName,
            String lastName,
            String timeZone,
            List<Purchase> purchases) {

        Customer {
            purchases = List.copyOf(purchases);
        }

        BigDecimal spent() {
            return purchases.stream().map(Purchase::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        }

        LocalDate lastPurchase() {
            return purchases.stream()
                    .map(Purchase::date)
                    .max(LocalDate::compareTo)
                    .orElse(LocalDate.MIN);
        }
    }

    /** @param order its number, unique in the shop */
    record Purchase(String order, LocalDate date, int cds, BigDecimal amount) {}

    /** When it happened, with the books' last day moved to today. */
    Instant when(Purchase purchase) {
        return now.minus(Duration.ofDays(ChronoUnit.DAYS.between(purchase.date(), lastDay)));
    }

    long purchases() {
        return customers.stream()
                .mapToLong(customer -> customer.purchases().size())
                .sum();
    }
}
