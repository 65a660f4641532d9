package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every worked example that is published for the query language of Dynamics 365 is read with nothing changed but names: of
 * types, relationships, attributes, segments, and the values asked for. The lines have the shapes of the examples, in names of
 * this shop; {@code R} and a number is an example of the reference of the language, {@code A} one of the guide to its API,
 * {@code C} one of the reference of its predecessor. Where the published text is broken it is mended: parentheses that do not
 * match (R1, R11, R15), a comparison left out (R9, R15), a function called by another name than its own (R4).
 */
class PublishedExamplesTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            R1 A group           ; PROFILE(account).FILTER(name == 'Shop 1').TRAVERSE(contact_account)
            R1 What happened     ; INTERACTION(EmailOpened, EmailOpened_Contact).FILTER(journey == 'first').HAVING(COUNT()>0)
            R1 All of it         ; SEGMENT(vip) UNION SEGMENT(loyal) EXCEPT SEGMENT(do_not_disturb)
            R2 Both              ; PROFILE(account).FILTER(name == 'Shop 1').TRAVERSE(contact_account) EXCEPT PROFILE(marketing_list).FILTER(name == 'List 1').TRAVERSE(contact_marketing_list)
            R3                   ; PROFILE(account).TRAVERSE(contact_account).FILTER(birthday > '2017-03-30')
            R4                   ; PROFILE(account).FILTER(DATEDIFF(day, foundedOn, DateTimeUtcNow()) < 30).TRAVERSE(contact_account)
            R5                   ; PROFILE(contact).FILTER(score > 0 && tier == 'gold' && DATEDIFF(month, birthday,DATETIMEUTCNOW()) < 1)
            R6 What happened     ; INTERACTION(EmailClicked, EmailClicked_Contact).HAVING(COUNT()>0, UTCDAYS(7)).FILTER(message=='12345')
            R6 All of it         ; SEGMENT(vip)   EXCEPT  SEGMENT(loyal)
            R7                   ; PROFILE(marketing_list).FILTER(name == 'Football').TRAVERSE('contact_marketing_list').FILTER(age > 20 && age < 35)
            R8 A group           ; PROFILE(account).FILTER(name == 'Always' || name == 'Fit to 100').TRAVERSE     (contact_account).FILTER(tier == 'silver')
            R8 Another           ; PROFILE(event_registration).TRAVERSE(event_registration_contact, FILTER(state == 'active'))
            R8 All of it         ; SEGMENT(vip)INTERSECT SEGMENT(loyal)EXCEPT SEGMENT(do_not_disturb)
            R9                   ; PROFILE(account).TRAVERSE(contact_account, FILTER(DATEDIFF(month, lastCall, DATETIMEUTCNOW()) < 1))
            R10                  ; PROFILE(account) .FILTER(industry == 'Hi tech' && employees > 10000000000 && employees > 1000000000).TRAVERSE(contact_account).FILTER(motto =='Marketing Manager' || motto == 'Sales Manager' ||motto == 'Finance Manager')
            R11 What happened    ; INTERACTION(EmailOpened,EmailOpened_Contact).FILTER(message == 'silver').HAVING(COUNT()>0)
            R11 Chained          ; SEGMENT(vip).UNION(SEGMENT(loyal)).EXCEPT(SEGMENT(do_not_disturb))
            R12                  ; INTERACTION(EmailClicked, EmailClicked_Contact).HAVING(COUNT()>10, UTCMONTHS(1))
            R13                  ; PROFILE(contact).FILTER(tier == 'gold' && address.country == 'USA' && age >= 15 && age <= 25 && score > 50000 )
            R15 A group          ; PROFILE(event_registration).FILTER(status == 'registered' &&(status == 'registered' || status == 'attended') && DATEDIFF(month, DATETIMEUTCNOW(), createdAt) > 1).TRAVERSE(event_registration_contact)
            R15 All of it        ; SEGMENT(vip)INTERSECT SEGMENT(loyal)
            R15 Birthdays        ; PROFILE(contact).FILTER(DATEDIFF(month,birthday,DATETIMEUTCNOW()) < 1)
            R16                  ; PROFILE(contact).FILTER(lastCall > birthday)
            R19                  ; PROFILE(contact).FILTER(ISNULL(address.city))
            A1                   ; PROFILE(contact, contact_1).FILTER(ISNOTNULL(contact_1.email) && ISNOTNULL(contact_1.lastName))
            A2                   ; PROFILE(contact).FILTER((address.city == 'NewYork' || address.city == 'NewJersey'))
            A3                   ; PROFILE(contact)
            A4                   ; SEGMENT(vip) UNION SEGMENT(loyal)
            A5                   ; PROFILE(account, account_1).FILTER(account_1.externalId == '1cc00a15-37ef-e911-a81d-000d3a6d200c').TRAVERSE(contact_account, contact_1).FILTER(ISNOTNULL(contact_1.email))
            A6                   ; PROFILE(contact).FILTER(ISNOTNULL(address.region))
            C1                   ; PROFILE(contact).FILTER(firstName!='Sally')
            """)
    void every_example_that_means_something_here_is_read(String number, String text) {
        var query = SegmentLanguage.parse(text, Shop.CATALOG);

        assertThat(SegmentLanguage.parse(SegmentLanguage.print(query), Shop.CATALOG))
                .as(number)
                .isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            R1                   ; (SEGMENT(vip) UNION SEGMENT(loyal)) EXCEPT SEGMENT(do_not_disturb)                 ; SEGMENT(vip) UNION SEGMENT(loyal) EXCEPT SEGMENT(do_not_disturb)
            R8                   ; (SEGMENT(vip) INTERSECT SEGMENT(loyal)) EXCEPT SEGMENT(do_not_disturb)             ; SEGMENT(vip)INTERSECT SEGMENT(loyal)EXCEPT SEGMENT(do_not_disturb)
            R11 Chained          ; (SEGMENT(vip) UNION SEGMENT(loyal)) EXCEPT SEGMENT(do_not_disturb)                 ; SEGMENT(vip).UNION(SEGMENT(loyal)).EXCEPT(SEGMENT(do_not_disturb))
            R6                   ; INTERACTION(EmailClicked).FILTER(message == '12345').HAVING(COUNT() > 0, UTCDAYS(7)) ; INTERACTION(EmailClicked, EmailClicked_Contact).HAVING(COUNT()>0, UTCDAYS(7)).FILTER(message=='12345')
            A5                   ; PROFILE(account).FILTER(externalId == 'x').TRAVERSE(contact_account).FILTER(ISNOTNULL(email)) ; PROFILE(account, account_1).FILTER(account_1.externalId == 'x').TRAVERSE(contact_account, contact_1).FILTER(ISNOTNULL(contact_1.email))
            R7                   ; PROFILE(account).TRAVERSE(contact_account).FILTER(age > 20)                        ; PROFILE(account).TRAVERSE('contact_account', c, FILTER(c.age > 20))
            """)
    void an_example_means_what_its_canonical_text_says(String number, String canonical, String text) {
        assertThat(SegmentLanguage.print(SegmentLanguage.parse(text, Shop.CATALOG)))
                .as(number)
                .isEqualTo(canonical);
    }

    /**
     * Segments are sets of contacts, so that a path which ends at a product or an event (R14, R17, R18) is none; the same
     * condition is asked by a path that goes on, or begins there. Pages of members (A7) are asked of the members of a
     * segment, by order and cursor; a query says who belongs, not how they are shown. {@code MILLISECOND} is in the grammar
     * and in no example; durations are whole seconds here.
     */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            R14 ; PROFILE(contact).FILTER(tier == 'gold').TRAVERSE(contact_account).TRAVERSE(account_parent).FILTER(name == 'x') ; path-ends-elsewhere
            R17 ; PROFILE(event).FILTER(name CONTAINS 'run')                                                                   ; path-ends-elsewhere
            R18 ; PROFILE(event).FILTER(name ENDSWITH 'run')                                                                   ; path-ends-elsewhere
            A7  ; (SEGMENT(vip)).ORDERBY(lastName ASC).SKIP(0).TAKE(15).SELECT(externalId)                                      ; unexpected
            G   ; PROFILE(contact).FILTER(DATEDIFF(millisecond, lastCall, DATETIMEUTCNOW()) > 5)                               ; unknown-unit
            """)
    void what_means_nothing_here_is_refused(String number, String text, String code) {
        assertThat(errors(text)).as(number).extracting(QueryError::code).containsOnly(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            R14 ; PROFILE(account).FILTER(name == 'x').TRAVERSE(account_parent, REVERSE).TRAVERSE(contact_account).FILTER(tier == 'gold')
            R17 ; PROFILE(event).FILTER(name CONTAINS 'run').TRAVERSE(event_registration_event).TRAVERSE(event_registration_contact)
            R18 ; PROFILE(event).FILTER(name ENDSWITH 'run').TRAVERSE(event_registration_event).TRAVERSE(event_registration_contact)
            """)
    void the_contacts_behind_what_is_no_contact_can_be_asked_for(String number, String text) {
        assertThat(errors(text)).as(number).isEmpty();
    }

    /** What the grammar allows beyond the examples. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            DATE(2026, 3, 29) <= birthday
            birthday < Date(2026, 3, 29, 1)
            birthday < DATE(2026, 3, 29, 1, 30)
            birthday < DATE(2026, 3, 29, 1, 30, 15)
            birthday < DATE(2026, 3, 29, 1, 30, 15, 250)
            DATEADD(month, 1, birthday) > DATETIMEUTCNOW()
            DATEDIFF(second, lastCall, DATETIMEUTCNOW()) > 5 OR NOT(age == 3)
            subscribed == True && subscribed != False
            (age + 1) * 2 / 3 - 4 > score
            firstName STARTSWITH 'a' && ISNULL(email)
            """)
    void conditions_of_the_grammar_are_read(String condition) {
        assertThat(errors("PROFILE(contact).FILTER(" + condition + ")")).isEmpty();
    }

    private static List<QueryError> errors(String text) {
        try {
            SegmentLanguage.parse(text, Shop.CATALOG);
            return List.of();
        } catch (QueryException refused) {
            return refused.errors();
        }
    }
}
