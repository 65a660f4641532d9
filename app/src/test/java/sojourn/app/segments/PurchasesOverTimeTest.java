package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/**
 * A shop over time: purchases come in on their days while the clock moves, and nothing but changes and time, no full
 * evaluation, keeps thirty segments as they should be. What they should be is counted here by plain loops over the
 * purchases. {@code -Dsegments.purchases=FILE} takes a file {@code customer_id,date,cds,amount} instead of a generated
 * one, {@code -Dsegments.days=90} more days.
 */
class PurchasesOverTimeTest {

    private static final int DAYS = Integer.getInteger("segments.days", 20);
    private static final int CUSTOMERS = 400;

    @RegisterExtension
    final Database database = new Database();

    private record Purchase(String customer, LocalDate day, int cds, BigDecimal amount) {}

    /** A question of the language, and the same asked of one customer's purchases up to a day. */
    private record Question(String query, Predicate<Bought> holds) {}

    @Test
    void segments_stay_what_a_plain_count_finds() throws IOException {
        var purchases = purchases();
        var last = purchases.getLast().day();
        var first = last.minusDays(DAYS);
        var engine = new Engine(database.jdbi(), new Scopes(true));
        engine.now = noon(first);
        var ids = customers(engine, purchases);
        store(
                engine,
                ids,
                purchases.stream().filter(one -> !one.day().isAfter(first)).toList());
        questions().forEach((key, question) -> engine.live(key, question.query(), "UTC"));
        for (var day = first; !day.isAfter(last); day = day.plusDays(1)) {
            var today = day;
            if (day.isAfter(first)) {
                store(
                        engine,
                        ids,
                        purchases.stream()
                                .filter(one -> one.day().equals(today))
                                .toList());
                engine.at(noon(day));
            }
            agree(engine, ids, purchases, day);
        }
        for (var key : questions().keySet()) {
            engine.lifecycle.evaluate(key, null, Engine.TEST);
            engine.full.runIfDue(key);
            assertThat(engine.lastEvaluation(key).drift()).as(key).isZero();
            assertThat(engine.lastEvaluation(key).joined()).as(key).isZero();
            assertThat(engine.lastEvaluation(key).left()).as(key).isZero();
        }
    }

    private static void agree(Engine engine, Map<String, Long> ids, List<Purchase> purchases, LocalDate day) {
        var byCustomer = purchases.stream()
                .filter(one -> !one.day().isAfter(day))
                .collect(Collectors.groupingBy(Purchase::customer));
        questions().forEach((key, question) -> {
            var expected = ids.entrySet().stream()
                    .filter(entry ->
                            question.holds().test(new Bought(byCustomer.getOrDefault(entry.getKey(), List.of()), day)))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.toSet());
            assertThat(engine.members(key))
                    .as("%s on %s: %s", key, day, question.query())
                    .isEqualTo(expected);
            if (day.equals(purchases.getLast().day())) {
                System.getLogger("purchases").log(System.Logger.Level.INFO, key + " " + expected.size());
            }
        });
    }

    /** What a customer bought up to a day, and plain ways to look at it. */
    private record Bought(List<Purchase> all, LocalDate day) {

        /** Of the last days, today among them: asked at noon, while purchases are dated midnight. */
        List<Purchase> last(int days) {
            return since(day.minusDays(days));
        }

        /** After noon of that day. */
        List<Purchase> since(LocalDate noon) {
            return all.stream().filter(one -> one.day().isAfter(noon)).toList();
        }

        List<Purchase> within(LocalDate from, LocalDate until) {
            return all.stream()
                    .filter(one -> !one.day().isBefore(from) && one.day().isBefore(until))
                    .toList();
        }

        LocalDate month() {
            return day.withDayOfMonth(1);
        }

        LocalDate quarter() {
            return LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1);
        }

        LocalDate week() {
            return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        }
    }

    private static BigDecimal amount(List<Purchase> some) {
        return some.stream().map(Purchase::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static int cds(List<Purchase> some) {
        return some.stream().mapToInt(Purchase::cds).sum();
    }

    private static boolean more(BigDecimal amount, int than) {
        return amount.compareTo(BigDecimal.valueOf(than)) > 0;
    }

    private static long distinct(List<Purchase> some, Function<Purchase, Object> what) {
        return some.stream().map(what).distinct().count();
    }

    private static Map<String, Question> questions() {
        var all = new LinkedHashMap<String, Question>();
        put(
                all,
                "once",
                "INTERACTION(Purchase).HAVING(COUNT() == 1)",
                b -> b.all().size() == 1);
        put(
                all,
                "ten",
                "INTERACTION(Purchase).HAVING(COUNT() >= 10)",
                b -> b.all().size() >= 10);
        put(
                all,
                "lapsed",
                "INTERACTION(Purchase) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(60))",
                b -> !b.all().isEmpty() && b.last(60).isEmpty());
        put(all, "spenders", "INTERACTION(Purchase).HAVING(SUM(amount) > 500)", b -> more(amount(b.all()), 500));
        put(
                all,
                "regulars",
                "INTERACTION(Purchase).HAVING(COUNT() >= 3, DAYS(90))",
                b -> b.last(90).size() >= 3);
        put(all, "collectors", "INTERACTION(Purchase).HAVING(SUM(cds) >= 20)", b -> cds(b.all()) >= 20);
        put(
                all,
                "big-average",
                "INTERACTION(Purchase).HAVING(AVG(amount) > 50)",
                b -> more(amount(b.all()), 50 * b.all().size()));
        put(
                all,
                "big-once",
                "INTERACTION(Purchase).HAVING(MAX(amount) >= 100)",
                b -> b.all().stream().anyMatch(one -> one.amount().compareTo(BigDecimal.valueOf(100)) >= 0));
        put(
                all,
                "always-something",
                "INTERACTION(Purchase).HAVING(MIN(amount) > 10)",
                b -> !b.all().isEmpty() && b.all().stream().allMatch(one -> more(one.amount(), 10)));
        put(
                all,
                "varied",
                "INTERACTION(Purchase).HAVING(COUNT(DISTINCT cds) >= 3)",
                b -> distinct(b.all(), Purchase::cds) >= 3);
        put(
                all,
                "cooling",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(90)).HAVING(COUNT() == 0, DAYS(30))",
                b -> !b.last(90).isEmpty() && b.last(30).isEmpty());
        put(
                all,
                "this-month",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, THIS(MONTH))",
                b -> !b.within(b.month(), b.month().plusMonths(1)).isEmpty());
        put(
                all,
                "last-month",
                "INTERACTION(Purchase).HAVING(COUNT() >= 2, PREVIOUS(1, MONTH))",
                b -> b.within(b.month().minusMonths(1), b.month()).size() >= 2);
        put(
                all,
                "gone-this-quarter",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, PREVIOUS(1, QUARTER)).HAVING(COUNT() == 0, THIS(QUARTER))",
                b -> !b.within(b.quarter().minusMonths(3), b.quarter()).isEmpty()
                        && b.within(b.quarter(), b.quarter().plusMonths(3)).isEmpty());
        put(
                all,
                "last-weeks",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, PREVIOUS(2, WEEK))",
                b -> !b.within(b.week().minusWeeks(2), b.week()).isEmpty());
        put(
                all,
                "this-year",
                "INTERACTION(Purchase).HAVING(SUM(amount) > 100, THIS(YEAR))",
                b -> more(amount(b.within(b.day().withDayOfYear(1), b.day().plusDays(1))), 100));
        put(
                all,
                "dear",
                "INTERACTION(Purchase).FILTER(amount > 50).HAVING(COUNT() >= 2, MONTHS(6))",
                b -> b.since(b.day().minusMonths(6)).stream()
                                .filter(one -> more(one.amount(), 50))
                                .count()
                        >= 2);
        put(
                all,
                "singles",
                "INTERACTION(Purchase).FILTER(cds == 1).HAVING(COUNT() >= 3)",
                b -> b.all().stream().filter(one -> one.cds() == 1).count() >= 3);
        put(
                all,
                "fortnight",
                "INTERACTION(Purchase).HAVING(SUM(amount) > 50, WEEKS(2))",
                b -> more(amount(b.last(14)), 50));
        put(
                all,
                "quiet-year",
                "INTERACTION(Purchase).HAVING(COUNT() < 2, YEARS(1))",
                b -> b.since(b.day().minusYears(1)).size() < 2);
        put(
                all,
                "utc-week",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, UTCDAYS(7))",
                b -> !b.last(7).isEmpty());
        put(
                all,
                "hours",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, HOURS(36))",
                b -> b.all().stream().anyMatch(one -> one.day().isAfter(b.day().minusDays(1))));
        put(
                all,
                "not-two",
                "INTERACTION(Purchase).HAVING(COUNT() != 2, DAYS(45))",
                b -> b.last(45).size() != 2);
        put(
                all,
                "at-most-one",
                "INTERACTION(Purchase).HAVING(COUNT() <= 1, MONTHS(3))",
                b -> b.since(b.day().minusMonths(3)).size() <= 1);
        put(
                all,
                "worth",
                "INTERACTION(Purchase).HAVING(SUM(amount) - SUM(cds) * 12 > 0)",
                b -> more(amount(b.all()), 12 * cds(b.all())));
        put(
                all,
                "per-order",
                "INTERACTION(Purchase).HAVING(SUM(cds) / COUNT() >= 2.5, DAYS(120))",
                b -> !b.last(120).isEmpty()
                        && cds(b.last(120)) * 2 >= 5 * b.last(120).size());
        put(
                all,
                "nothing",
                "INTERACTION(ANY).HAVING(COUNT() == 0, DAYS(20))",
                b -> b.last(20).isEmpty());
        put(
                all,
                "both",
                "SEGMENT(regulars) INTERSECT SEGMENT(spenders)",
                b -> b.last(90).size() >= 3 && more(amount(b.all()), 500));
        put(
                all,
                "win-back",
                "(SEGMENT(ten) UNION SEGMENT(spenders)) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(45))",
                b -> (b.all().size() >= 10 || more(amount(b.all()), 500))
                        && b.last(45).isEmpty());
        put(
                all,
                "rest",
                "PROFILE(contact) EXCEPT SEGMENT(win-back) EXCEPT SEGMENT(once) EXCEPT SEGMENT(nothing)",
                b -> !((b.all().size() >= 10 || more(amount(b.all()), 500))
                                && b.last(45).isEmpty())
                        && b.all().size() != 1
                        && !b.last(20).isEmpty());
        return all;
    }

    private static void put(Map<String, Question> all, String key, String query, Predicate<Bought> holds) {
        all.put(key, new Question(query, holds));
    }

    private static Instant noon(LocalDate day) {
        return day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC);
    }

    private static Map<String, Long> customers(Engine engine, List<Purchase> purchases) {
        var ids = new TreeMap<String, Long>();
        engine.jdbi.useHandle(handle -> {
            handle.execute("""
                    update interaction_type set properties = '{"amount": "number", "cds": "number"}' where key = 'Purchase'
                    """);
            handle.createQuery("""
                            insert into contact (external_id, created_at, updated_at)
                            select customer, now(), now() from unnest(:customers) as customer
                            returning external_id, id
                            """)
                    .bind(
                            "customers",
                            purchases.stream()
                                    .map(Purchase::customer)
                                    .distinct()
                                    .toArray(String[]::new))
                    .map((row, _) -> Map.entry(row.getString(1), row.getLong(2)))
                    .forEach(entry -> ids.put(entry.getKey(), entry.getValue()));
        });
        return ids;
    }

    private static void store(Engine engine, Map<String, Long> ids, List<Purchase> some) {
        engine.jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                            insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id, properties)
                            select contact, day::timestamp at time zone 'UTC', :now::timestamptz, t.id, gen_random_uuid(),
                                   gen_random_uuid()::text, jsonb_build_object('cds', cds, 'amount', amount::numeric)
                            from unnest(:contacts, :days, :cds, :amounts) as given (contact, day, cds, amount),
                                 interaction_type t
                            where t.key = 'Purchase'
                            """)
                    .bind(
                            "contacts",
                            some.stream()
                                    .map(one -> ids.getOrDefault(one.customer(), 0L))
                                    .toArray(Long[]::new))
                    .bind(
                            "days",
                            some.stream()
                                    .map(Purchase::day)
                                    .map(LocalDate::toString)
                                    .toArray(String[]::new))
                    .bind("cds", some.stream().map(Purchase::cds).toArray(Integer[]::new))
                    .bind(
                            "amounts",
                            some.stream()
                                    .map(one -> one.amount().toPlainString())
                                    .toArray(String[]::new))
                    .bind("now", engine.now)
                    .execute();
            engine.changes.record(
                    handle,
                    some.stream()
                            .map(one -> ids.getOrDefault(one.customer(), 0L))
                            .toList(),
                    Set.of("Purchase"),
                    engine.now);
        });
    }

    /** In the order of days. */
    private static List<Purchase> purchases() throws IOException {
        var file = System.getProperty("segments.purchases");
        var purchases = file == null ? generated() : read(Path.of(file));
        return purchases.stream().sorted(Comparator.comparing(Purchase::day)).toList();
    }

    private static List<Purchase> read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.skip(1)
                    .map(line -> line.split(",", -1))
                    .map(cells -> new Purchase(
                            cells[0], LocalDate.parse(cells[1]), Integer.parseInt(cells[2]), new BigDecimal(cells[3])))
                    .toList();
        }
    }

    /** People who begin on some day, come back more and more seldom, and some of them not at all. */
    private static List<Purchase> generated() {
        var random = new Random(7);
        var end = LocalDate.of(2026, 6, 30);
        var purchases = new ArrayList<Purchase>();
        for (var customer = 0; customer < CUSTOMERS; customer++) {
            var pause = 3 + random.nextInt(120);
            for (var day = end.minusDays(random.nextInt(540)); !day.isAfter(end); ) {
                var cds = 1 + random.nextInt(4);
                purchases.add(new Purchase(
                        "c" + customer, day, cds, BigDecimal.valueOf(cds * 700L + random.nextInt(2000), 2)));
                day = random.nextInt(6) == 0 ? end.plusDays(1) : day.plusDays(1 + random.nextInt(pause));
            }
        }
        return purchases;
    }
}
