package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Json;
import sojourn.faults.Facts.Happening;
import sojourn.faults.Facts.Person;
import sojourn.faults.Facts.Registration;
import sojourn.faults.Outside.Sent;

/** Sends what is and what happens: interactions, contacts, accounts, marketing lists, registrations. */
final class FactSenders {

    /** Most happens to these, so that each has several interactions within a window. */
    private static final int BUSY = 250;

    private static final int REGISTRATIONS = 120;
    private static final List<String> TIERS = List.of("gold", "silver", "bronze");

    private final Outside outside;
    private final Facts facts;
    private final AtomicInteger next = new AtomicInteger();

    FactSenders(Outside outside, Facts facts) {
        this.outside = outside;
        this.facts = facts;
    }

    void begin() throws Exception {
        outside.insist("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"tier": {"type": "option", "options": ["gold", "silver", "bronze"]}, "score": "number"}}
                """);
        outside.insist("POST", "/v1/interaction-types", """
                {"key": "Purchase", "properties": {"amount": "number"}}
                """);
        outside.insist(
                "POST", "/v1/interaction-types", "{\"key\": \"Visit\", \"properties\": {\"amount\": \"number\"}}");
        for (var account = 0; account < Facts.ACCOUNTS; account++) {
            industry("a" + account, account % 2 == 0 ? "Retail" : "Media", "PUT");
        }
        for (var list : List.of("news", "other")) {
            outside.insist("PUT", "/v1/profiles/marketing_list/external:" + list, """
                    {"externalId": "%1$s", "attributes": {"name": "%1$s"}}
                    """.formatted(list));
        }
        outside.insist("PUT", "/v1/profiles/event/external:e0", """
                {"externalId": "e0", "attributes": {"name": "Fair"}}
                """);
        var table = "externalId,attributes.tier,attributes.score\n"
                + IntStream.rangeClosed(1, Facts.PEOPLE)
                        .mapToObj(person -> person + ",silver," + person % 100)
                        .collect(Collectors.joining("\n"));
        var job = outside.ask("POST", "/v1/contacts/import", new Sent(table, "text/csv", Map.of()))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Shop.await("people are there", () -> outside.insist("GET", job, "").contains("succeeded"));
    }

    void keepSending(SegmentLoad load) {
        load.keepDoing(
                "sending interactions", Duration.ofMillis(300), random -> interactions(1 + random.nextInt(12), random));
        load.keepDoing("sending many interactions", Duration.ofSeconds(8), random -> interactions(300, random));
        load.keepDoing("changing contacts", Duration.ofMillis(250), this::contact);
        load.keepDoing(
                "changing accounts",
                Duration.ofSeconds(4),
                random -> industry(
                        "a" + random.nextInt(Facts.ACCOUNTS), random.nextBoolean() ? "Retail" : "Media", "PATCH"));
        load.keepDoing("changing lists", Duration.ofMillis(600), this::links);
        load.keepDoing("registering", Duration.ofMillis(600), this::registration);
    }

    private void interactions(int many, Random random) throws Exception {
        var batch = new ArrayList<Happening>();
        var people = new ArrayList<Integer>();
        for (var number = 0; number < many; number++) {
            people.add(1 + random.nextInt(random.nextInt(4) == 0 ? Facts.PEOPLE : BUSY));
            batch.add(new Happening(
                    "i" + next.incrementAndGet(),
                    random.nextInt(3) == 0 ? "Visit" : "Purchase",
                    moment(random),
                    1 + random.nextInt(100)));
        }
        var body = IntStream.range(0, many)
                .mapToObj(index -> """
                        {"id": "%s", "type": "%s", "contact": "external:%d", "occurredAt": "%s", "properties": {"amount": %d}}""".formatted(
                                batch.get(index).id(),
                                batch.get(index).type(),
                                people.get(index),
                                batch.get(index).at(),
                                batch.get(index).amount()))
                .collect(Collectors.joining(",", "[", "]"));
        var answer = Json.mapper().readTree(outside.insist("POST", "/v1/interactions", body));
        assertThat(answer.path("rejected")).isEmpty();
        assertThat(answer.path("accepted").intValue()
                        + answer.path("duplicates").intValue())
                .isEqualTo(many);
        for (var index = 0; index < many; index++) {
            facts.happenings(people.get(index)).add(batch.get(index));
        }
    }

    /** Now mostly; or late, or of a clock that is ahead. */
    private static Instant moment(Random random) {
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return switch (random.nextInt(6)) {
            case 0 -> now.minusMillis(random.nextInt(190_000));
            case 1 -> now.plusMillis(random.nextInt(40_000));
            default -> now;
        };
    }

    private void contact(Random random) {
        var number = 1 + random.nextInt(random.nextBoolean() ? Facts.PEOPLE : BUSY);
        var person = new Person(
                TIERS.get(random.nextInt(TIERS.size())),
                random.nextInt(100),
                random.nextInt(3) == 0 ? null : "a" + random.nextInt(Facts.ACCOUNTS));
        outside.insist("PATCH", "/v1/contacts/external:" + number, """
                {"attributes": {"tier": "%s", "score": %d, "account": %s}}
                """.formatted(
                        person.tier(), person.score(), quoted(person.account())));
        facts.people.put(number, person);
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "null" : "\"" + text + "\"";
    }

    private void industry(String account, String industry, String method) {
        outside.insist(method, "/v1/profiles/account/external:" + account, """
                {"externalId": "%s", "attributes": {"industry": "%s"}}
                """.formatted(account, industry));
        facts.industries.put(account, industry);
    }

    private void links(Random random) {
        var list = random.nextInt(4) == 0 ? "other" : "news";
        var add = someone(random, list);
        var remove = someone(random, list);
        remove.removeAll(add);
        outside.insist(
                "POST", "/v1/relationships/contact_marketing_list/links", """
                {"add": [%s], "remove": [%s]}
                """.formatted(ends(add), ends(remove)));
        facts.listed.addAll(add);
        facts.listed.removeAll(remove);
    }

    private static List<String> someone(Random random, String list) {
        return new ArrayList<>(random.ints(5, 1, BUSY + 1)
                .distinct()
                .mapToObj(person -> list + "/" + person)
                .toList());
    }

    private static String ends(List<String> listed) {
        return listed.stream()
                .map(each -> "{\"from\": \"external:%s\", \"to\": \"external:%s\"}"
                        .formatted(each.substring(each.indexOf('/') + 1), each.substring(0, each.indexOf('/'))))
                .collect(Collectors.joining(","));
    }

    private void registration(Random random) {
        var key = "r" + random.nextInt(REGISTRATIONS);
        var path = "/v1/profiles/event_registration/external:" + key;
        if (random.nextInt(4) == 0) {
            assertThat(outside.ask("DELETE", path, Sent.json("")).statusCode()).isIn(200, 204, 404);
            facts.registrations.remove(key);
            return;
        }
        var made = new Registration(1 + random.nextInt(BUSY), random.nextInt(3) == 0 ? "cancelled" : "registered");
        outside.insist("PUT", path, """
                {"externalId": "%s", "attributes": {"event": "e0", "contact": "%d", "status": "%s"}}
                """.formatted(key, made.person(), made.status()));
        facts.registrations.put(key, made);
    }
}
