package sojourn.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import sojourn.faults.Facts.Happening;

/** The segments of the test: each query, and what it means in plain Java, by loops over facts. */
final class Catalogue {

    static final String PICKED = "picked";
    static final String SYNCED = "synced";
    static final String DECIDED = "decided";
    static final String WANING = "waning";
    static final String GOING = "going";
    static final List<String> EDITED = List.of("edited1", "edited2");

    /** Whoever has an interaction so long ago, or so many minutes later, may move just then. */
    static final List<Duration> EDGES =
            List.of(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(3));

    /** Says whether a query has a contact. */
    @FunctionalInterface
    interface Rule {
        boolean has(Facts facts, Others others, int person, Instant now);
    }

    /** Says who is in other segments. */
    @FunctionalInterface
    interface Others {
        boolean in(String segment, int person);
    }

    /** @param readsTime whether time alone may move a contact */
    record Spec(String query, boolean readsTime, Rule rule) {}

    private Catalogue() {}

    /** Dynamic segments by key, each after those it builds on; those edited with their first query. */
    static Map<String, Spec> segments() {
        var all = new LinkedHashMap<String, Spec>();
        all.put("buyers", timed("INTERACTION(Purchase).HAVING(COUNT() > 0, MINUTES(1))", bought(1, 0, 1)));
        all.put(
                "regulars",
                timed("INTERACTION(Purchase).FILTER(amount > 50).HAVING(COUNT() >= 2, MINUTES(2))", bought(2, 50, 2)));
        all.put("quiet", timed("""
                        INTERACTION(Visit) EXCEPT INTERACTION(Visit).HAVING(COUNT() > 0, MINUTES(1))""", Catalogue::quiet));
        all.put("spent", timed("INTERACTION(Purchase).HAVING(SUM(amount) > 300)", spent(300, Duration.ofDays(1))));
        all.put("gold", still("PROFILE(contact).FILTER(tier == 'gold' && score >= 30)", (facts, _, person, _) -> {
            var known = facts.person(person);
            return known.tier().equals("gold") && known.score() >= 30;
        }));
        all.put(
                "retail",
                still(
                        "PROFILE(account).FILTER(industry == 'Retail').TRAVERSE(contact_account)",
                        (facts, _, person, _) -> {
                            var account = facts.person(person).account();
                            return account != null && "Retail".equals(facts.industries.get(account));
                        }));
        all.put("colleagues", still("""
                        PROFILE(contact).FILTER(tier == 'gold').TRAVERSE(contact_account).TRAVERSE(contact_account)""", Catalogue::colleagueOfGold));
        all.put(
                "listed",
                still(
                        "PROFILE(marketing_list).FILTER(name == 'news').TRAVERSE(contact_marketing_list)",
                        (facts, _, person, _) -> facts.listed.contains("news/" + person)));
        all.put(
                GOING,
                still(
                        """
                        PROFILE(event_registration).FILTER(status == 'registered').TRAVERSE(event_registration_contact)""",
                        (facts, _, person, _) -> facts.registrations.values().stream()
                                .anyMatch(each ->
                                        each.person() == person && each.status().equals("registered"))));
        all.put(
                "mixed",
                timed(
                        "(SEGMENT(buyers) UNION SEGMENT(picked)) EXCEPT SEGMENT(synced)",
                        (_, others, person, _) -> (others.in("buyers", person) || others.in(PICKED, person))
                                && !others.in(SYNCED, person)));
        all.put(
                "upmost",
                timed(
                        "SEGMENT(mixed) INTERSECT (SEGMENT(retail) UNION SEGMENT(gold))",
                        (_, others, person, _) -> others.in("mixed", person)
                                && (others.in("retail", person) || others.in("gold", person))));
        all.put(
                DECIDED,
                timed(
                        """
                        INTERACTION(Visit).HAVING(COUNT() >= 3, MINUTES(2)) UNION SEGMENT(gold)""",
                        (facts, others, person, now) -> count(
                                                facts,
                                                person,
                                                now,
                                                Duration.ofMinutes(2),
                                                each -> each.type().equals("Visit"))
                                        >= 3
                                || others.in("gold", person)));
        all.put(
                WANING,
                timed(
                        "INTERACTION(Visit).HAVING(COUNT() > 0, MINUTES(2))",
                        (facts, _, person, now) -> count(
                                        facts,
                                        person,
                                        now,
                                        Duration.ofMinutes(2),
                                        each -> each.type().equals("Visit"))
                                > 0));
        all.put(
                "onwaning",
                timed(
                        "SEGMENT(waning) EXCEPT SEGMENT(listed)",
                        (_, others, person, _) -> others.in(WANING, person) && !others.in("listed", person)));
        EDITED.forEach(key -> all.put(key, editions().getFirst()));
        all.put(
                "onedited",
                timed(
                        "SEGMENT(edited1) INTERSECT SEGMENT(picked)",
                        (_, others, person, _) -> others.in("edited1", person) && others.in(PICKED, person)));
        return all;
    }

    /** What edits bring. */
    static List<Spec> editions() {
        return Stream.concat(
                        Stream.of(20, 40, 60, 80)
                                .map(score -> still(
                                        "PROFILE(contact).FILTER(score >= " + score + ")",
                                        (facts, _, person, _) ->
                                                facts.person(person).score() >= score)),
                        Stream.of(50, 100, 150)
                                .map(sum -> timed(
                                        "INTERACTION(Purchase).HAVING(SUM(amount) > " + sum + ", MINUTES(3))",
                                        spent(sum, Duration.ofMinutes(3)))))
                .toList();
    }

    private static Spec timed(String query, Rule rule) {
        return new Spec(query, true, rule);
    }

    private static Spec still(String query, Rule rule) {
        return new Spec(query, false, rule);
    }

    private static Rule bought(int times, int more, int minutes) {
        return (facts, _, person, now) -> count(
                        facts,
                        person,
                        now,
                        Duration.ofMinutes(minutes),
                        each -> each.type().equals("Purchase") && each.amount() > more)
                >= times;
    }

    private static Rule spent(int more, Duration window) {
        return (facts, _, person, now) -> facts.happenings(person).stream()
                        .filter(each -> each.type().equals("Purchase") && within(each, now, window))
                        .mapToInt(Happening::amount)
                        .sum()
                > more;
    }

    private static boolean quiet(Facts facts, Others others, int person, Instant now) {
        Predicate<Happening> visit = each -> each.type().equals("Visit");
        return count(facts, person, now, Duration.ofDays(1), visit) > 0
                && count(facts, person, now, Duration.ofMinutes(1), visit) == 0;
    }

    private static boolean colleagueOfGold(Facts facts, Others others, int person, Instant now) {
        var account = facts.person(person).account();
        return account != null
                && facts.people.values().stream()
                        .anyMatch(other ->
                                account.equals(other.account()) && other.tier().equals("gold"));
    }

    private static long count(Facts facts, int person, Instant now, Duration window, Predicate<Happening> which) {
        return facts.happenings(person).stream()
                .filter(which.and(each -> within(each, now, window)))
                .count();
    }

    private static boolean within(Happening each, Instant now, Duration window) {
        return each.at().isAfter(now.minus(window)) && !each.at().isAfter(now);
    }
}
