package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.platform.Json;

/** What can be written, and how it is written back. */
class SegmentLanguageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROFILE(contact)",
                "PROFILE(contact).FILTER(address.city == 'New York' && age >= 18)",
                "PROFILE(contact).FILTER(age > 18).FILTER(age < 65)",
                "INTERACTION(Purchase).FILTER(amount > 50).HAVING(COUNT() >= 3, DAYS(90))",
                "INTERACTION(EmailOpened).FILTER(journey == 'win-back' && tile == 'remind')",
                "PROFILE(contact) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(60))",
                "(SEGMENT(vip) UNION SEGMENT(loyal)) EXCEPT SEGMENT(do_not_disturb)",
                "SEGMENT(lapsed-60d) INTERSECT SEGMENT(2026-new) INTERSECT SEGMENT(vip)",
                "INTERACTION(EmailOpened, EmailClicked)",
                "INTERACTION(ANY).HAVING(COUNT() == 0, MONTHS(6))",
                "INTERACTION(Purchase).HAVING(SUM(amount) > 500).HAVING(COUNT(DISTINCT product) < 3, UTCDAYS(2))",
                "INTERACTION(Purchase).HAVING(SUM(amount) / COUNT() > 10.5)",
                "INTERACTION(Purchase).HAVING(MAX(occurredAt) < '2026-11-01')",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, BETWEEN('2026-01-01', '2026-02-01T08:00'))",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, THIS(QUARTER))",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, PREVIOUS(2, WEEK))",
                "PROFILE(contact).FILTER((tier == 'gold' || tier == 'silver') && !(email ENDSWITH '@example.com'))",
                "PROFILE(contact).FILTER(tier IN ('gold', 'silver') || firstName NOT IN ('O''Hara', CASE 'Bo'))",
                "PROFILE(contact).FILTER(CONTAINSANY(interests, 'sailing', '50%') && ISNULL(phone) && ISNOTNULL(email))",
                "PROFILE(contact).FILTER(ISTRUE(subscribed) || ISFALSE(subscribed) || subscribed != TRUE)",
                "PROFILE(contact).FILTER(birthday < '2000-02-29' && lastCall >= TODAY())",
                "PROFILE(contact).FILTER(lastCall < DATETIMEUTCNOW() && createdAt > '2026-03-29T02:30')",
                "PROFILE(contact).FILTER(DATE(2026, 1, 1) < DATE(2026, 1, 2, 3, 4, 5))",
                "PROFILE(contact).FILTER((age + 1) * 2 - -3 >= score / (age - 1) - (age - 2))",
                "PROFILE(contact).FILTER(-(age) < 2 && -(-5) == 5)",
                "PROFILE(contact).FILTER(age > 1 || age < 0 && score > 1 || score < -1)",
                "PROFILE(contact).FILTER(attributes.not == 'x')",
                "PROFILE(account).FILTER(industry == 'Retail').TRAVERSE(contact_account)",
                "PROFILE(account).FILTER(industry == 'Retail').TRAVERSE(contact_account).FILTER(age > 18)",
                "PROFILE(account).TRAVERSE(account_parent).TRAVERSE(account_parent, REVERSE).TRAVERSE(contact_account)",
                "PROFILE(event).FILTER(startsAt > TODAY()).TRAVERSE(event_registration_event)"
                        + ".FILTER(status == 'registered').TRAVERSE(event_registration_contact)",
                "PROFILE(contact).TRAVERSE(recommended, REVERSE).TRAVERSE(recommended)",
                "PROFILE(contact).FILTER(birthday ANNIVERSARY WITHIN NEXT(7, DAY))",
                "PROFILE(contact).FILTER(birthday WITHIN LAST(2, MONTH) || DATEADD(YEAR, 18, birthday) <= TODAY())",
                "PROFILE(contact).FILTER(DATEDIFF(DAY, lastCall, DATETIMEUTCNOW()) > 30)",
                "PROFILE(contact).FILTER(lastCall > DATEADD(HOUR, -36, DATETIMEUTCNOW()) && DATEADD(DAY, 1, birthday) == '2026-11-01')",
                "PROFILE(contact).FILTER(NEAR(52.52, -13.405, 10))",
                "INTERACTION(Purchase).FILTER(deliverOn WITHIN NEXT(3, DAY)).HAVING(DATEDIFF(DAY, MAX(occurredAt), TODAY()) > 5)",
                "INTERACTION(Purchase).HAVING(COUNT() > 0, BETWEEN(DATEADD(DAY, -7, TODAY()), TODAY()))",
                "INTERACTION(EmailOpened).FILTER(message.topic == 'News' && CONTAINSANY(journey.tags, 'spring', 'sale'))",
                "INTERACTION(ANY).FILTER(ISNULL(message.name) || journey.purpose == 'commercial')",
                "INTERACTION(Purchase).FILTER(item.category == 'books' && amount > item.price).HAVING(SUM(item.price) > 50, DAYS(30))",
                "INTERACTION(Purchase).FILTER(attributes.not.category == attributes.not)",
                "INTERACTION(ANY).FILTER(event.name == 'Spring fair' && event STARTSWITH 'fair')",
                "INTERACTION(EmailOpened).HAVING(MAX(event.startsAt) > TODAY())",
                "PROFILE(contact).FILTER(lastCall > '0001-01-01T00:00:00Z' && lastCall < '9999-12-31T23:59:59.999999Z')",
            })
    void canonical_text_is_written_as_it_was_read(String text) throws JsonProcessingException {
        var tree = SegmentLanguage.parse(text, Shop.CATALOG);

        assertThat(SegmentLanguage.print(tree)).isEqualTo(text);
        var json = Json.mapper().writeValueAsString(tree);
        assertThat(Json.mapper().readValue(json, Query.class)).isEqualTo(tree);
        assertThat(SegmentLanguage.check(tree, Shop.CATALOG)).isEqualTo(tree);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            profile(contact).filter(age>18 AND Not age==20)   | PROFILE(contact).FILTER(age > 18 && !(age == 20))
            SEGMENT( vip ) union Segment(loyal)               | SEGMENT(vip) UNION SEGMENT(loyal)
            PROFILE(account).TRAVERSE(contact_account, FILTER(age > 18)) | PROFILE(account).TRAVERSE(contact_account).FILTER(age > 18)
            PROFILE(account, a).FILTER(a.industry == 'x').TRAVERSE('contact_account') | PROFILE(account).FILTER(industry == 'x').TRAVERSE(contact_account)
            PROFILE(contact, contact_1).FILTER(ISNOTNULL(contact_1.email)) | PROFILE(contact).FILTER(ISNOTNULL(email))
            PROFILE(contact).FILTER(birthday next(7, days))   | PROFILE(contact).FILTER(birthday WITHIN NEXT(7, DAY))
            PROFILE(contact).FILTER(birthday IN LAST(1, Week)) | PROFILE(contact).FILTER(birthday WITHIN LAST(1, WEEK))
            PROFILE(contact).FILTER(ANNIVERSARY(birthday) NEXT(1, MONTH)) | PROFILE(contact).FILTER(birthday ANNIVERSARY WITHIN NEXT(1, MONTH))
            PROFILE(contact).FILTER(DATEDIFF(day, birthday, '2026-11-01') < 30) | PROFILE(contact).FILTER(DATEDIFF(DAY, birthday, DATE(2026, 11, 1)) < 30)
            PROFILE(contact).FILTER(birthday == DATE(2026, 1, 2, 3, 4, 5, 60)) | PROFILE(contact).FILTER(birthday == '2026-01-02T03:04:05.060')
            INTERACTION(EmailOpened, EmailOpened_Contact).HAVING(COUNT()>10, UTCMONTHS(1)) | INTERACTION(EmailOpened).HAVING(COUNT() > 10, UTCMONTHS(1))
            INTERACTION(EmailOpened, contact_account)         | INTERACTION(EmailOpened)
            SEGMENT(vip).UNION(SEGMENT(loyal))                | SEGMENT(vip) UNION SEGMENT(loyal)
            SEGMENT(vip) EXCEPT SEGMENT(loyal).UNION(SEGMENT(2026-new)) | SEGMENT(vip) EXCEPT (SEGMENT(loyal) UNION SEGMENT(2026-new))
            SEGMENT(vip) UNION SEGMENT(loyal) EXCEPT SEGMENT(2026-new)  | (SEGMENT(vip) UNION SEGMENT(loyal)) EXCEPT SEGMENT(2026-new)
            PROFILE(contact).FILTER(attributes.tier == 'GOLD') | PROFILE(contact).FILTER(tier == 'GOLD')
            PROFILE(contact).FILTER(18 <= age)                | PROFILE(contact).FILTER(18 <= age)
            PROFILE(contact).FILTER(age == 1.50e2)            | PROFILE(contact).FILTER(age == 150)
            PROFILE(contact).FILTER(CONTAINS(firstName, 'a')) | PROFILE(contact).FILTER(firstName CONTAINS 'a')
            PROFILE(contact).FILTER(interests containsall ('reading')) | PROFILE(contact).FILTER(CONTAINSALL(interests, 'reading'))
            PROFILE(contact).FILTER(phone ISNULL)             | PROFILE(contact).FILTER(ISNULL(phone))
            PROFILE(contact).FILTER(!ISNULL(phone))           | PROFILE(contact).FILTER(ISNOTNULL(phone))
            PROFILE(contact).FILTER(((age > 1)))              | PROFILE(contact).FILTER(age > 1)
            PROFILE(contact).FILTER(birthday == DATE(2026,11,1)) | PROFILE(contact).FILTER(birthday == '2026-11-01')
            PROFILE(contact).FILTER(lastCall == '2026-11-01T08:00:00+01:00') | PROFILE(contact).FILTER(lastCall == '2026-11-01T07:00:00Z')
            PROFILE(contact).FILTER(age > 1 and (age < 0 AND score > 1)) | PROFILE(contact).FILTER(age > 1 && (age < 0 && score > 1))
            INTERACTION(Purchase).HAVING(3 <= COUNT( )).FILTER(amount > 1) | INTERACTION(Purchase).FILTER(amount > 1).HAVING(3 <= COUNT())
            """)
    void other_spellings_are_read_too(String text, String canonical) {
        assertThat(SegmentLanguage.print(SegmentLanguage.parse(text, Shop.CATALOG)))
                .isEqualTo(canonical);
    }

    @Test
    void comments_and_line_breaks_are_blanks() {
        var text = """
                SEGMENT(vip) -- the best UNION
                /* and
                   more */ UNION
                SEGMENT(loyal)
                """;

        assertThat(SegmentLanguage.print(SegmentLanguage.parse(text, Shop.CATALOG)))
                .isEqualTo("SEGMENT(vip) UNION SEGMENT(loyal)");
        assertThat(SegmentLanguage.print(SegmentLanguage.parse("SEGMENT(vip--60d)\n)", Shop.CATALOG)))
                .as("no key has two hyphens in a row")
                .isEqualTo("SEGMENT(vip)");
    }

    @Test
    void membership_is_a_condition_on_a_contact() {
        var condition = SegmentLanguage.parseContactCondition("SEGMENT(lapsed-60d) && age > 3", Shop.CATALOG);

        assertThat(SegmentLanguage.print(condition)).isEqualTo("SEGMENT(lapsed-60d) && age > 3");
    }

    @Test
    void a_condition_on_an_interaction_knows_its_properties() {
        var condition = SegmentLanguage.parseInteractionCondition(
                "amount > 0 && occurredAt > '2026-01-01'", Shop.CATALOG, List.of("Purchase", "Return"));

        assertThat(SegmentLanguage.print(condition)).isEqualTo("amount > 0 && occurredAt > '2026-01-01'");
    }
}
