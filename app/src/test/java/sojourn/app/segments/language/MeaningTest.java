package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.segments.language.ContactState.Occurrence;

/** What queries say of one contact whom we know: Ada, of whom neither phone nor score nor last call is known. */
class MeaningTest {

    static final Instant NOW = Instant.parse("2026-03-29T10:00:00Z");
    static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    static final ContactState ADA = new ContactState(
            Map.of(
                    "externalId",
                    "A42",
                    "firstName",
                    "Ada",
                    "address.city",
                    "New York",
                    "age",
                    new BigDecimal("18.0"),
                    "tier",
                    "gold",
                    "interests",
                    List.of("sailing", "reading"),
                    "subscribed",
                    false,
                    "birthday",
                    LocalDate.parse("2026-03-29")),
            Map.of(
                    "Purchase",
                    List.of(
                            new Occurrence(Instant.parse("2026-01-01T00:00:00Z"), Map.of()),
                            bought("2026-03-01T10:00:00Z", "20.5", Map.of("item", "b-9")),
                            bought("2026-03-28T10:00:00Z", "10", book()),
                            bought("2026-03-29T10:00:00.000001Z", "1000", Map.of()))),
            Set.of("vip"),
            Map.of(new Hop("contact_account", true, "account"), List.of(shop())));

    /** Ada works for a shop, which belongs to another account. */
    private static RelatedRecord shop() {
        var shop = new RelatedRecord(Map.of("name", "Shop", "industry", "Retail"));
        shop.relate(new Hop("account_parent", true, "account"), List.of(new RelatedRecord(Map.of("name", "Mother"))));
        return shop;
    }

    private static Map<String, Object> book() {
        return Map.of(
                "item", "b-1", "item.externalId", "b-1", "item.category", "Books", "item.price", new BigDecimal("12"));
    }

    private static Occurrence bought(String at, String amount, Map<String, Object> item) {
        var properties = new HashMap<>(item);
        properties.put("amount", new BigDecimal(amount));
        properties.put("journey", "Win-back");
        properties.put("journey.tags", List.of("Spring"));
        properties.put("message", "We-miss");
        return new Occurrence(Instant.parse(at), properties);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROFILE(contact)",
                "SEGMENT(vip)",
                "PROFILE(contact).FILTER(firstName == 'ADA' && firstName != CASE 'ADA' && firstName == CASE 'Ada')",
                "PROFILE(contact).FILTER(externalId == 'A42' && externalId != 'a42')",
                "PROFILE(contact).FILTER(age == 18 && age >= 18.00 && age / 7 == 2.5714285714)",
                "PROFILE(contact).FILTER(!(score == 1) && !(score != 1) && ISNULL(score))",
                "PROFILE(contact).FILTER(score NOT IN (1, 2))",
                "PROFILE(contact).FILTER(ISNULL(age / 0))",
                "PROFILE(contact).FILTER(ISFALSE(subscribed) && !(ISTRUE(subscribed)))",
                "PROFILE(contact).FILTER(CONTAINSALL(interests, 'Sailing', 'reading') && CONTAINSANY(interests, '50%', 'READING'))",
                "PROFILE(contact).FILTER(birthday == TODAY() && birthday < DATETIMEUTCNOW() && birthday >= '2026-03-29T00:00')",
                "PROFILE(contact).FILTER(birthday > '2026-03-28T22:59:59Z' && birthday <= '2026-03-28T23:00:00Z')",
                "INTERACTION(Purchase).HAVING(COUNT() == 3)",
                "INTERACTION(Purchase).HAVING(SUM(amount) == 30.5).HAVING(AVG(amount) == 15.25).HAVING(MIN(amount) == 10)",
                "INTERACTION(Purchase).HAVING(COUNT() == 0, HOURS(24))",
                "INTERACTION(Purchase).HAVING(COUNT() == 1, HOURS(25))",
                "INTERACTION(Purchase).HAVING(COUNT() == 2, THIS(MONTH))",
                "INTERACTION(Purchase).HAVING(COUNT() == 1, PREVIOUS(3, MONTH))",
                "INTERACTION(Purchase).HAVING(COUNT() == 1, BETWEEN('2026-03-01T11:00', '2026-03-28T11:00'))",
                "INTERACTION(Return).HAVING(COUNT() == 0).HAVING(COUNT() != 2).HAVING(COUNT() < 1)",
                "PROFILE(contact) EXCEPT INTERACTION(Return).HAVING(SUM(amount) < 100)",
                "INTERACTION(ANY).FILTER(journey == 'Win-back').HAVING(COUNT() == 2)",
                "PROFILE(contact) EXCEPT INTERACTION(Purchase).FILTER(journey == 'win-back')",
                "PROFILE(contact).FILTER(birthday WITHIN LAST(1, DAY) && birthday WITHIN NEXT(1, DAY))",
                "PROFILE(contact).FILTER(DATEADD(YEAR, -2, birthday) == '2024-03-29' && DATEADD(MONTH, -1, birthday) == '2026-02-28')",
                "PROFILE(contact).FILTER(DATEADD(DAY, -1, DATETIMEUTCNOW()) == '2026-03-28T11:00:00Z')",
                "PROFILE(contact).FILTER(DATEADD(HOUR, -24, DATETIMEUTCNOW()) == '2026-03-28T10:00:00Z')",
                "PROFILE(contact).FILTER(DATEDIFF(DAY, '2026-03-28T11:30', birthday) == 0 && DATEDIFF(DAY, birthday, '2026-03-27') == -2)",
                "PROFILE(contact).FILTER(DATEDIFF(MONTH, '2026-01-31', '2026-02-28') == 0 && DATEDIFF(MONTH, '2026-01-28', '2026-02-28') == 1)",
                "PROFILE(contact).FILTER(DATEDIFF(HOUR, '2026-03-29T01:00', '2026-03-29T04:00') == 2)",
                "PROFILE(account).FILTER(industry == 'retail').TRAVERSE(contact_account)",
                "PROFILE(account).FILTER(name == 'Mother').TRAVERSE(account_parent, REVERSE).TRAVERSE(contact_account)",
                "PROFILE(contact) EXCEPT PROFILE(account).FILTER(industry == 'retail').FILTER(name == 'Mother').TRAVERSE(contact_account)",
                "PROFILE(contact) EXCEPT PROFILE(account).FILTER(name == 'Mother').TRAVERSE(account_parent).TRAVERSE(contact_account)",
                "PROFILE(contact) EXCEPT PROFILE(event).TRAVERSE(event_registration_event).TRAVERSE(event_registration_contact)",
            })
    void ada_belongs(String query) {
        assertThat(QueryMatcher.matches(SegmentLanguage.parse(query, Shop.CATALOG), ADA, NOW, BERLIN))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DAYS(1)    | 2026-03-29T10:00:00Z | 2026-03-28T11:00:00Z
            HOURS(24)  | 2026-03-29T10:00:00Z | 2026-03-28T10:00:00Z
            UTCDAYS(1) | 2026-03-29T10:00:00Z | 2026-03-28T10:00:00Z
            DAYS(1)    | 2026-03-30T00:30:00Z | 2026-03-29T01:30:00Z
            MONTHS(1)  | 2026-03-31T10:00:00Z | 2026-02-28T11:00:00Z
            YEARS(1)   | 2028-02-29T10:00:00Z | 2027-02-28T10:00:00Z
            WEEKS(2)   | 2026-11-01T10:00:00Z | 2026-10-18T09:00:00Z
            """)
    void windows_go_back_on_the_calendar_of_the_zone(String window, Instant now, Instant start) {
        var query = SegmentLanguage.parse("INTERACTION(ANY).HAVING(COUNT() > 0, " + window + ")", Shop.CATALOG);

        assertThat(Needs.of(query).blocks().getFirst().range(now, BERLIN)).isEqualTo(new Window.Range(start, now));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2000-02-29 | 2026-02-27 | true
            2000-02-29 | 2026-02-28 | true
            2000-02-29 | 2026-03-01 | false
            2000-02-29 | 2028-02-28 | true
            2000-02-29 | 2028-02-27 | false
            2000-03-01 | 2026-02-28 | true
            2000-01-01 | 2026-12-31 | true
            2000-01-02 | 2026-12-31 | false
            2026-03-01 | 2026-03-01 | true
            2027-03-01 | 2026-03-01 | false
            """)
    void a_birthday_is_today_or_tomorrow(LocalDate birthday, LocalDate today, boolean expected) {
        var query = SegmentLanguage.parse(
                "PROFILE(contact).FILTER(birthday ANNIVERSARY WITHIN NEXT(2, DAY))", Shop.CATALOG);
        var contact = new ContactState(Map.of("birthday", birthday), Map.of(), Set.of(), Map.of());

        assertThat(QueryMatcher.matches(
                        query, contact, today.atTime(12, 0).atZone(BERLIN).toInstant(), BERLIN))
                .isEqualTo(expected);
    }

    @Test
    void a_query_says_what_it_needs() {
        var needs = Needs.of(SegmentLanguage.parse("""
                PROFILE(contact).FILTER(age + score > 3 && birthday == TODAY()) UNION SEGMENT(vip)
                EXCEPT INTERACTION(Purchase).FILTER(amount > 1).HAVING(COUNT() > 1, DAYS(3)).HAVING(SUM(amount) > 2)
                """, Shop.CATALOG));

        assertThat(needs.attributes()).containsExactlyInAnyOrder("age", "score", "birthday");
        assertThat(needs.types()).containsExactly("Purchase");
        assertThat(needs.anyType()).isFalse();
        assertThat(needs.segments()).containsExactly("vip");
        assertThat(needs.profileReadsClock()).isTrue();
        assertThat(needs.blocks())
                .containsExactly(
                        new Needs.Block(List.of("Purchase"), new Window.Rolling(3, Window.Unit.DAYS, false), false),
                        new Needs.Block(List.of("Purchase"), null, false));
    }

    @Test
    void a_query_says_what_it_follows() {
        var needs = Needs.of(SegmentLanguage.parse(
                "INTERACTION(ANY).FILTER(message.topic == 'x' && message.name != journey.name)"
                        + " UNION INTERACTION(Purchase).HAVING(SUM(item.price) > 1)",
                Shop.CATALOG));

        assertThat(needs.follows())
                .containsExactlyInAnyOrder(
                        new Needs.Following(List.of(), new Follow("message", "message")),
                        new Needs.Following(List.of(), new Follow("journey", "journey")),
                        new Needs.Following(List.of("Purchase"), new Follow("item", "product")));
    }

    @Test
    void what_moves_with_the_clock_lies_at_the_ends_of_the_window() {
        var later = NOW.plusSeconds(2);

        assertThat(Window.moved(new Window.Rolling(1, Window.Unit.HOURS, false), NOW, later, BERLIN))
                .containsExactly(
                        new Window.Range(NOW.minusSeconds(3600), NOW.minusSeconds(3598)), new Window.Range(NOW, later));
        assertThat(Window.moved(null, NOW, later, BERLIN)).containsExactly(new Window.Range(NOW, later));
        assertThat(Window.moved(new Window.Previous(1, Window.Calendar.DAY), NOW, later, BERLIN))
                .isEmpty();
    }
}
