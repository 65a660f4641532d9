package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/**
 * Whatever happens, in whatever order: what changes and time have made of the memberships is what a recount finds, and an
 * audit finds nothing that was not on its way. {@code -Dsegments.seed=...} repeats a run that failed.
 */
class FreshnessAgreementTest {

    private static final int STEPS = Integer.getInteger("segments.steps", 100);

    private static final Map<String, String> QUERIES = queries();

    @RegisterExtension
    final Database database = new Database();

    private final List<Long> contacts = new ArrayList<>();
    private final List<Long> accounts = new ArrayList<>();
    private final List<String> names = List.of("p1", "p2", "p3");

    @RepeatedTest(2)
    void incremental_memberships_are_what_a_recount_finds() {
        var seed = Long.getLong("segments.seed", new Random().nextLong());
        var random = new Random(seed);
        var engine = new Engine(database.jdbi());
        for (var number = 0; number < 10; number++) {
            contacts.add(engine.contact(random.nextInt(80)));
        }
        for (var number = 0; number < 3; number++) {
            accounts.add(engine.account(null, "retail"));
        }
        QUERIES.forEach(engine::live);
        for (var step = 0; step < STEPS; step++) {
            act(engine, random);
            if (random.nextInt(4) == 0) {
                engine.at(engine.now.plusSeconds(random.nextInt(200_000)));
                agree(engine, seed, step);
            }
        }
    }

    private void act(Engine engine, Random random) {
        var contact = contacts.get(random.nextInt(contacts.size()));
        var at = engine.now.minusSeconds(random.nextInt(500_000));
        var account = accounts.get(random.nextInt(accounts.size()));
        var name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(18)) {
            case 0 -> contacts.add(engine.contact(random.nextInt(80)));
            case 1 -> engine.setAge(contact, random.nextInt(80));
            case 2 -> engine.setAge(contact, null);
            case 3 -> engine.interaction(contact, "EmailOpened", at, null);
            case 4 -> engine.purchase(contact, engine.now.plusSeconds(random.nextInt(300)), random.nextInt(100));
            case 5 -> audit(engine, random);
            case 6 -> {
                engine.erase(contact);
                contacts.remove(contact);
                contacts.add(engine.contact(1));
            }
            case 7 -> engine.account(account, random.nextBoolean() ? "retail" : null);
            case 8, 9 -> engine.ofAccount(contact, account, true);
            case 10 -> engine.ofAccount(contact, account, false);
            case 11, 12 -> engine.naming(contact, "Purchase", at, "product", name);
            case 13 -> engine.naming(contact, "EmailOpened", at, "message", name);
            case 14 -> engine.product(name, random.nextBoolean() ? "books" : "tea");
            case 15 -> engine.noProduct(name);
            case 16 -> {
                engine.message(name, random.nextBoolean() ? "news" : "sale");
                engine.full.runIfDue("news");
                engine.full.runIfDue("topics");
            }
            default -> engine.interaction(contact, "Purchase", at, BigDecimal.valueOf(random.nextInt(100)));
        }
    }

    private static void audit(Engine engine, Random random) {
        var keys = List.copyOf(QUERIES.keySet());
        var key = keys.get(random.nextInt(keys.size()));
        engine.lifecycle.evaluate(key, null, Engine.TEST);
        engine.full.runIfDue(key);
        assertThat(engine.lastEvaluation(key).drift()).as(key).isZero();
    }

    private static void agree(Engine engine, long seed, int step) {
        for (var key : QUERIES.keySet()) {
            assertThat(engine.members(key))
                    .as("-Dsegments.seed=%d step %d at %s: %s", seed, step, engine.now, QUERIES.get(key))
                    .isEqualTo(engine.recount(key));
        }
    }

    private static Map<String, String> queries() {
        var queries = new LinkedHashMap<String, String>();
        queries.put("adults", "PROFILE(contact).FILTER(age >= 18)");
        queries.put("lapsed", "INTERACTION(Purchase) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(3))");
        queries.put("never", "INTERACTION(Purchase).HAVING(COUNT() == 0, HOURS(30))");
        queries.put("spenders", "INTERACTION(Purchase).FILTER(amount > 20).HAVING(SUM(amount) >= 90, WEEKS(1))");
        queries.put("readers", "INTERACTION(EmailOpened).HAVING(COUNT() < 2, MONTHS(1))");
        queries.put("active", "INTERACTION(ANY).HAVING(COUNT() >= 2, DAYS(2))");
        queries.put("yesterday", "INTERACTION(Purchase).HAVING(COUNT() > 0, PREVIOUS(1, DAY))");
        queries.put("week", "INTERACTION(Purchase).HAVING(MAX(amount) > 50, THIS(WEEK))");
        queries.put("retailers", "PROFILE(account).FILTER(industry == 'Retail').TRAVERSE(contact_account)");
        queries.put(
                "colleagues", "PROFILE(contact).FILTER(age > 50).TRAVERSE(contact_account).TRAVERSE(contact_account)");
        queries.put("employed", "PROFILE(account).TRAVERSE(contact_account) EXCEPT SEGMENT(colleagues)");
        queries.put("books", "INTERACTION(Purchase).FILTER(product.category == 'Books').HAVING(COUNT() > 0, DAYS(4))");
        queries.put("unclear", "INTERACTION(Purchase).FILTER(ISNULL(product.category)).HAVING(COUNT() >= 2)");
        queries.put("news", "INTERACTION(EmailOpened).FILTER(message.topic == 'News')");
        queries.put("topics", "INTERACTION(ANY).HAVING(COUNT(DISTINCT message.topic) < 1, DAYS(5))");
        queries.put("both", "SEGMENT(adults) INTERSECT SEGMENT(lapsed)");
        queries.put("rest", "PROFILE(contact) EXCEPT (SEGMENT(both) UNION SEGMENT(spenders))");
        return queries;
    }
}
