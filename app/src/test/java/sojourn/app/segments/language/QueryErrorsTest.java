package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, where, and with which advice. */
class QueryErrorsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            PROFILE(contact).FILTER(citty == 'x')             | 1:25 unknown-attribute | did you mean `address.city`?
            PROFILE(contact).FILTER(agee == 3)                | 1:25 unknown-attribute | did you mean `age`?
            PROFIL(contact)                                   | 1:1 unknown-block      | did you mean `PROFILE`?
            PROFILE(contact).WHERE(age > 1)                   | 1:18 unexpected        | this is written FILTER(...)
            INTERACTION(Purchase).COUNT() >= 3                | 1:23 unexpected        | this is written HAVING(COUNT() >= 3)
            SEGMENT(vip) AND SEGMENT(loyal)                   | 1:14 unexpected        | written INTERSECT
            SEGMENT(vip) AND NOT SEGMENT(loyal)               | 1:14 unexpected        | written EXCEPT
            SEGMENT(vip) OR SEGMENT(loyal)                    | 1:14 unexpected        | written UNION
            SEGMENT(vip) UNOIN SEGMENT(loyal)                 | 1:14 unexpected        | did you mean `UNION`?
            INTERACTION(Purchase).HAVING(COUNT >= 3)          | 1:30 unexpected        | with parentheses, as in COUNT()
            INTERACTION(Purchase).HAVING(COUNT() > 1 && SUM(amount) > 3) | 1:42 unexpected | a second .HAVING(...)
            PROFILE(contact).FILTER(age <> 3)                 | 1:29 invalid-character | this is written `!=`
            PROFILE(contact).FILTER(age => 3)                 | 1:29 invalid-character | this is written `>=`
            PROFILE(acount).TRAVERSE(contact_account)         | 1:9 unknown-profile-type | did you mean `account`?
            PROFILE(account)                                  | 1:9 path-ends-elsewhere | TRAVERSE(contact_account)
            PROFILE(account).FILTER(industri == 'x').TRAVERSE(contact_account) | 1:25 unknown-attribute | did you mean `industry`?
            PROFILE(contact).TRAVERSE(x)                      | 1:27 unknown-relationship | TRAVERSE(contact_account)
            PROFILE(contact).TRAVERSE(contact_acount)         | 1:27 unknown-relationship | did you mean `contact_account`?
            PROFILE(contact).TRAVERSE(event_registration_event) | 1:27 wrong-relationship | relates event_registration and event
            PROFILE(contact).TRAVERSE(contact_account)        | 1:27 path-ends-elsewhere | ends at account
            PROFILE(account).TRAVERSE(contact_account, REVERSE) | 1:44 unexpected      | a type with itself
            PROFILE(account).TRAVERSE(contact_account, age > 1) | 1:44 unexpected      | FILTER(...)
            PROFILE(account).TRAVERSE(contact_account, FILTER(agee > 1)) | 1:51 unknown-attribute | did you mean `age`?
            PROFILE(contact).TRAVERSE(contact_account).HAVING(COUNT() > 1) | 1:44 unexpected | follows INTERACTION
            PROFILE(contact).FILTER(DATEADD(DAYZ, 1, birthday) > TODAY()) | 1:33 unknown-unit | did you mean `DAY`?
            PROFILE(contact).FILTER(DATEADD(DAY, 1.5, birthday) > TODAY()) | 1:38 unexpected | a whole number
            PROFILE(contact).FILTER(DATEADD(YEAR, 5000, birthday) > TODAY()) | 1:39 out-of-range | to 4000
            PROFILE(contact).FILTER(DATEADD(DAY, 1, age) > TODAY()) | 1:41 wrong-type  | takes a date or timestamp
            PROFILE(contact).FILTER(DATEDIFF(DAY, birthday, firstName) > 3) | 1:49 wrong-type | takes a date or timestamp
            PROFILE(contact).FILTER(birthday WITHIN LAST(0, DAY)) | 1:46 out-of-range  | from 1
            PROFILE(contact).FILTER(birthday WITHIN LAST(1, HOUR)) | 1:49 unknown-unit | DAY, WEEK, MONTH, QUARTER, YEAR
            PROFILE(contact).FILTER(birthday WITHIN THIS(MONTH)) | 1:41 unexpected     | NEXT(n, unit)
            PROFILE(contact).FILTER(age ANNIVERSARY WITHIN NEXT(7, DAY)) | 1:25 wrong-type | ANNIVERSARY takes a date
            PROFILE(contact).FILTER(lastCall > '0001-01-01T00:00:00+02:00') | 1:36 invalid-date | no such date
            PROFILE(contact).FILTER(lastCall < '9999-12-31T23:00:00-02:00') | 1:36 invalid-date | no such date
            PROFILE(contact).FILTER(NEAR(95, 10, 5))          | 1:30 out-of-range      | from -90 to 90
            PROFILE(contact).FILTER(NEAR(age, 10, 5))         | 1:30 unexpected        | the latitude
            INTERACTION(Purchase).FILTER(NEAR(5, 10, 5))      | 1:30 unexpected        | PROFILE(contact)
            PROFILE(contact).FILTR(age > 1)                   | 1:18 unexpected        | did you mean `FILTER`?
            PROFILE(contact).HAVING(COUNT() > 1)              | 1:18 unexpected        | follows INTERACTION
            (SEGMENT(vip) UNION SEGMENT(loyal)).FILTER(age > 1) | 1:37 unexpected      | belongs to a block
            INTERACTION(Purchas)                              | 1:13 unknown-interaction-type | did you mean `Purchase`?
            INTERACTION(Purchase).FILTER(amout > 1)           | 1:30 unknown-property  | did you mean `amount`?
            INTERACTION(Purchase, Return).FILTER(shared == 'x') | 1:38 unknown-property | not declared alike
            INTERACTION(ANY).FILTER(amount > 1)               | 1:25 unknown-property  | Only the built-in properties can be asked for with ANY
            INTERACTION(ANY).FILTER(journy == 'x')            | 1:25 unknown-property  | did you mean `journey`
            INTERACTION(EmailOpened).FILTER(message.topik == 'x') | 1:33 unknown-property | did you mean `message.topic`?
            INTERACTION(Purchase).FILTER(item.categry == 'x') | 1:30 unknown-property  | did you mean `item.category`?
            INTERACTION(Purchase).FILTER(item.maker.name == 'x') | 1:30 unknown-property | Unknown property `item.maker.name`
            INTERACTION(ANY).FILTER(item.category == 'x')     | 1:25 unknown-property  | Only the built-in properties
            INTERACTION(Purchase).FILTER(journey.purpose == 'sale') | 1:49 unknown-option | commercial, transactional
            INTERACTION(Purchase).FILTER(message.tags == 'x') | 1:43 wrong-type        | CONTAINSANY
            INTERACTION(Purchase).HAVING(SUM(message.topic) > 1) | 1:34 wrong-type     | `message.topic` is a text
            PROFILE(contact).FILTER(employer.industry == 'x') | 1:25 unknown-attribute | PROFILE(account).FILTER(...).TRAVERSE(...)
            INTERACTION(Purchase).FILTER(COUNT() > 1)         | 1:30 unexpected        | HAVING
            INTERACTION(Purchase).HAVING(amount > 1)          | 1:30 wrong-type        | SUM(amount)
            INTERACTION(Purchase).HAVING(SUM(product) > 1)    | 1:34 wrong-type        | `product` is a text
            INTERACTION(Purchase).HAVING(1 > 0)               | 1:30 wrong-type        | COUNT() >= 3
            INTERACTION(Purchase).HAVING(COUNT() > 1, DAYS(0)) | 1:48 invalid-window   | from 1
            INTERACTION(Purchase).HAVING(COUNT() > 1, DAYS(-3)) | 1:48 invalid-window  | but found a minus
            PROFILE(contact).FILTER(DAYS(60))                 | 1:25 unknown-function  | a window stands in HAVING
            PROFILE(contact).FILTER(NUMBER() >= 3)            | 1:25 unknown-function  | there are ANNIVERSARY
            PROFILE(contact).FILTER(address.city == Zanzibar) | 1:41 unknown-attribute | as a text it would be 'Zanzibar'
            CONTACTS(all)                                     | 1:1 unknown-block      | there are INTERACTION, PROFILE, SEGMENT
            INTERACTION(Purchase).HAVING(COUNT() > 1, DAYS(1.5)) | 1:48 invalid-window | from 1
            INTERACTION(Purchase).HAVING(COUNT() > 1, DAY(3)) | 1:43 unknown-window    | did you mean `DAYS`?
            INTERACTION(Purchase).HAVING(COUNT() > 1, BETWEEN('2026-02-01', '2026-01-01')) | 1:51 invalid-window | earlier
            INTERACTION(Purchase).HAVING(COUNT() > 1, BETWEEN('2026-02-01T00:00:00Z', '2025-01-01')) | 1:51 invalid-window | earlier
            INTERACTION(Purchase).HAVING(COUNT() > 1, BETWEEN(TODAY(), DATEADD(DAY, -7, TODAY()))) | 1:51 invalid-window | earlier
            SEGMENT(vipp)                                     | 1:9 unknown-segment    | did you mean `vip`?
            SEGMENT('vip')                                    | 1:9 unexpected         | without quotes
            PROFILE(contact).FILTER(age == '18')              | 1:29 wrong-type        | numbers stand without quotes
            PROFILE(contact).FILTER(firstName == 18)          | 1:35 wrong-type        | texts stand in single quotes
            PROFILE(contact).FILTER(firstName == '')          | 1:38 empty-text        | ISNULL
            PROFILE(contact).FILTER(tier == 'glod')           | 1:33 unknown-option    | did you mean `gold`?
            PROFILE(contact).FILTER(tier > 'gold')            | 1:30 wrong-type        | no order
            PROFILE(contact).FILTER(subscribed)               | 1:25 wrong-type        | ISTRUE
            PROFILE(contact).FILTER(subscribed == 'yes')      | 1:36 wrong-type        | ISTRUE
            PROFILE(contact).FILTER(ISTRUE(age))              | 1:32 wrong-type        | `age` is a number
            PROFILE(contact).FILTER(interests == 'sailing')   | 1:35 wrong-type        | CONTAINSANY
            PROFILE(contact).FILTER(interests CONTAINS 'a')   | 1:25 wrong-type        | CONTAINSANY
            PROFILE(contact).FILTER(CONTAINSANY(interests, 'sail')) | 1:48 unknown-option | sailing
            PROFILE(contact).FILTER(CONTAINSANY(tier, 'gold')) | 1:37 wrong-type       | `tier` is an option
            PROFILE(contact).FILTER(birthday > 'yesterday')   | 1:36 invalid-date      | '2026-11-01'
            PROFILE(contact).FILTER(birthday > '2026-02-30')  | 1:36 invalid-date      | no such date
            PROFILE(contact).FILTER(birthday > DATE(2026, 13, 1)) | 1:36 invalid-date  | no such date
            PROFILE(contact).FILTER(birthday > 3)             | 1:34 wrong-type        | `birthday` is a date
            PROFILE(contact).FILTER(age + firstName > 3)      | 1:31 wrong-type        | takes numbers
            PROFILE(contact).FILTER(age > 1e999)              | 1:31 invalid-number    | 200 digits
            PROFILE(contact).FILTER(age > 12abc)              | 1:31 invalid-number    | no number
            PROFILE(contact).FILTER(age = 3)                  | 1:29 invalid-character | `==`
            PROFILE(contact).FILTER(age 3)                    | 1:29 unexpected        | a comparison
            PROFILE(contact).FILTER(firstName CONTAIN 'a')    | 1:35 unexpected        | did you mean `CONTAINS`?
            PROFILE(contact).FILTER(firstName == "x")         | 1:38 invalid-character | single quotes
            PROFILE(contact).FILTER(firstName == 'x           | 1:38 unterminated-text | closing quote
            PROFILE(contact).FILTER(ISNUL(firstName))         | 1:25 unknown-function  | did you mean `ISNULL`?
            PROFILE(contact).FILTER(SEGMENT(vip))             | 1:33 unexpected        | UNION
            PROFILE(contact).FILTER()                         | 1:25 unexpected        | a condition
            PROFILE(contact).FILTER(age > 3                   | 1:32 unexpected        | `)`
            PROFILE(contact) SEGMENT(vip)                     | 1:18 unexpected        | UNION
            SEGMENT(vip) UNION                                | 1:19 unexpected        | PROFILE
            PROFILE(contact) /* x                             | 1:18 unterminated-comment | closing
            """)
    void each_mistake_is_shown_where_it_is(String text, String where, String advice) {
        var errors = errors(text);

        var first = errors.getFirst();
        assertThat(first.line() + ":" + first.column() + " " + first.code()).isEqualTo(where);
        assertThat(errors)
                .as("%s", errors)
                .anySatisfy(error -> assertThat(error.detail()).contains(advice));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            PROFILE(contact).FILTER(citty == 'x')         | 1
            PROFILE(contact).FILTER(tier > 'gold')        | 1
            PROFILE(contact).FILTER(age = 3)              | 1
            PROFILE(contact).FILTER(firstName == "x")     | 1
            INTERACTION(Purchas).FILTER(amount > 1)       | 1
            PROFILE(contact).FILTER(citty + 1 > 3)        | 1
            PROFILE(contact).FILTER(citty == 'x' && )     | 2
            SEGMENT(vip) AND PROFILE(contact).FILTER(agee == 1) EXCEPT SEGMENT(nope) | 3
            PROFILE(contact).WHERE(agee == 1) UNION SEGMENT(nope) | 2
            """)
    void one_mistake_is_one_error(String text, int count) {
        assertThat(errors(text)).hasSize(count);
    }

    @Test
    void all_mistakes_are_said_at_once() {
        var text = """
                PROFILE(contact).FILTER(citty == 'x' && age == 'y' && (tier == 'glod' || ) && > 3)
                UNION INTERACTION(Purchas).FILTER(amount >)
                  EXCEPT SEGMENT(vi) UNION PROFILE(acount) UNION
                INTERACTION(Purchase).FILTER(amount > 'x').HAVING(COUNT() >, DAYS(3)).HAVING(COUNT() > 1, DAYZ(3))""";

        assertThat(errors(text).stream().map(error -> error.line() + ":" + error.column() + " " + error.code()))
                .containsExactly(
                        "1:25 unknown-attribute",
                        "1:45 wrong-type",
                        "1:64 unknown-option",
                        "1:74 unexpected",
                        "1:79 unexpected",
                        "2:19 unknown-interaction-type",
                        "2:43 unexpected",
                        "3:18 unknown-segment",
                        "3:36 unknown-profile-type",
                        "4:37 wrong-type",
                        "4:60 unexpected",
                        "4:91 unknown-window");
    }

    @Test
    void columns_count_characters_not_code_units() {
        assertThat(errors("PROFILE(contact).FILTER(firstName == '😀' && agee == 3)")
                        .getFirst()
                        .column())
                .isEqualTo(45);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "!", "NOT ", "-", "ISNULL(", "SEGMENT(vip).UNION(", "PROFILE(contact).FILTER("})
    void hostile_depth_is_refused(String piece) {
        var inFilter = "PROFILE(contact).FILTER(" + piece.repeat(10_000);

        assertThat(errors(piece.repeat(5_000))).isNotEmpty();
        assertThat(errors(inFilter)).isNotEmpty();
    }

    @Test
    void hostile_length_is_refused() {
        assertThat(errors("SEGMENT(vip)" + " UNION SEGMENT(vip)".repeat(4_999))
                        .getFirst()
                        .code())
                .isEqualTo("too-large");
        assertThat(errors("SEGMENT(vip)" + " UNION SEGMENT(vip) EXCEPT SEGMENT(vip)".repeat(2_000))
                        .getFirst()
                        .code())
                .isEqualTo("too-deep");
        assertThat(errors("PROFILE(contact).FILTER(age > 1" + " + 1".repeat(4_000) + ")")
                        .getFirst()
                        .code())
                .isEqualTo("too-deep");
        assertThat(errors("x".repeat(100_001)).getFirst().code()).isEqualTo("too-long");
        assertThat(errors("@".repeat(90_000))).hasSize(100);
    }

    @Test
    void what_cannot_be_stored_is_refused() {
        assertThat(errors("PROFILE(contact).FILTER(firstName == 'a\0b')")
                        .getFirst()
                        .code())
                .isEqualTo("invalid-character");
        assertThat(errors("PROFILE(contact).FILTER(firstName == 'a\ud800b')")
                        .getFirst()
                        .code())
                .isEqualTo("invalid-character");
        assertThat(errors("PROFILE\0(contact)").getFirst().code()).isEqualTo("invalid-character");
    }

    private static List<QueryError> errors(String text) {
        var refused = catchThrowableOfType(QueryException.class, () -> SegmentLanguage.parse(text, Shop.CATALOG));
        assertThat(refused).as(text).isNotNull();
        return refused.errors();
    }
}
