package sojourn.benchmarks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Relationships;
import sojourn.app.interactions.InteractionTypes;

/**
 * One of the ten reference segments: a query, and the same by hand, as a condition on {@code contact c} or a join with it.
 * Their shapes are those that marketers ask for most.
 */
record Reference(String name, String query, String joins, String where) {

    /** The word before the first space, in lower case: fit to be a segment's key. */
    String key() {
        return name.substring(0, name.indexOf(' ')).toLowerCase(java.util.Locale.ROOT);
    }

    static List<Reference> all(Jdbi jdbi, Instant now) {
        return jdbi.withHandle(handle -> {
            var types = new HashMap<String, Short>();
            InteractionTypes.all(handle).forEach((key, type) -> types.put(key, type.id()));
            var relationships = new HashMap<String, Short>();
            Relationships.all(handle).forEach((key, one) -> relationships.put(key, one.id()));
            return all(types, relationships, Segments.id(handle, "a"), Segments.id(handle, "b"), now);
        });
    }

    private static List<Reference> all(
            Map<String, Short> types, Map<String, Short> relationships, int a, int b, Instant now) {
        var purchases = "i.type_id = " + types.get("Purchase") + " and i.occurred_at <= '" + now + "'";
        var opens = "i.type_id = " + types.get("EmailOpened") + " and i.occurred_at <= '" + now + "'";
        var clicks = "i.type_id = " + types.get("EmailClicked") + " and i.occurred_at <= '" + now + "'";
        var all = new ArrayList<Reference>();
        all.add(new Reference(
                "S1 region is X",
                "PROFILE(contact).FILTER(address.region == 'Region7')",
                "",
                "c.folded @> '{\"address.region\": \"region7\"}'"));
        all.add(new Reference(
                "S2 custom option and number",
                "PROFILE(contact).FILTER(colour == 'blue' && nps >= 9)",
                "",
                "c.folded @> '{\"colour\": \"blue\"}' and (c.attributes ->> 'nps')::numeric >= 9"));
        all.add(new Reference(
                "S3 not purchased in 90 days",
                "PROFILE(contact) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(90))",
                "",
                "not exists (select from interaction i where i.contact_id = c.id and " + purchases + since(now, 90)
                        + ")"));
        all.add(new Reference(
                "S4 clicked on journey X in 45 days",
                "INTERACTION(EmailClicked).FILTER(journey == 'j3').HAVING(COUNT() > 0, DAYS(45))",
                "",
                "c.id in (select i.contact_id from interaction i where i.journey = 'j3' and " + clicks + since(now, 45)
                        + ")"));
        all.add(new Reference(
                "S5 opened 3 times in 14 days, and also in a city",
                "INTERACTION(EmailOpened).HAVING(COUNT() >= 3, DAYS(14))"
                        + " INTERSECT PROFILE(contact).FILTER(address.city == 'New York')",
                "",
                "c.folded @> '{\"address.city\": \"new york\"}' and c.id in (select i.contact_id from interaction i where "
                        + opens + since(now, 14) + " group by 1 having count(*) >= 3)"));
        all.add(new Reference(
                "S6 exactly 2 purchases in 30 days",
                "INTERACTION(Purchase).HAVING(COUNT() == 2, DAYS(30))",
                "join (select i.contact_id from interaction i where " + purchases + since(now, 30)
                        + " group by 1 having count(*) = 2) two on two.contact_id = c.id",
                "true"));
        all.add(new Reference(
                "S7 segment A but not B",
                "SEGMENT(a) EXCEPT SEGMENT(b)",
                "join membership m on m.contact_id = c.id and m.segment_id = " + a,
                "not exists (select from membership o where o.contact_id = c.id and o.segment_id = " + b + ")"));
        all.add(new Reference(
                "S8 industry of the account, or attended an event",
                "PROFILE(account).FILTER(industry == 'Retail').TRAVERSE(contact_account) UNION"
                        + " PROFILE(event_registration).FILTER(status == 'attended').TRAVERSE(event_registration_contact)",
                "",
                "(c.id in (select l.from_id from link l join profile a on a.id = l.to_id where l.relationship_id = "
                        + relationships.getOrDefault("contact_account", (short) 0)
                        + " and a.folded @> '{\"industry\": \"retail\"}')"
                        + " or c.id in (select l.to_id from link l join profile r on r.id = l.from_id"
                        + " where l.relationship_id = "
                        + relationships.getOrDefault("event_registration_contact", (short) 0)
                        + " and r.folded @> '{\"status\": \"attended\"}'))"));
        all.add(new Reference(
                "S9 (country and also opened in 30 days) or industry, but not purchased in 90 days",
                "((PROFILE(contact).FILTER(address.country == 'US')"
                        + " INTERSECT INTERACTION(EmailOpened).HAVING(COUNT() > 0, DAYS(30)))"
                        + " UNION PROFILE(contact).FILTER(industry == 'Retail'))"
                        + " EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(90))",
                "",
                "(c.folded @> '{\"address.country\": \"us\"}' and exists (select from interaction i where"
                        + " i.contact_id = c.id and " + opens + since(now, 30)
                        + ") or c.folded @> '{\"industry\": \"retail\"}')"
                        + " and not exists (select from interaction i where i.contact_id = c.id and " + purchases
                        + since(now, 90) + ")"));
        all.add(new Reference(
                "S10 2 purchases over 100 in 60 days",
                "INTERACTION(Purchase).FILTER(amount > 100).HAVING(COUNT() >= 2, DAYS(60))",
                "",
                "c.id in (select i.contact_id from interaction i where " + purchases + since(now, 60)
                        + " and (i.properties ->> 'amount')::numeric > 100 group by 1 having count(*) >= 2)"));
        return all;
    }

    private static String since(Instant now, int days) {
        return " and i.occurred_at > '" + now.minus(days, ChronoUnit.DAYS) + "'";
    }
}
