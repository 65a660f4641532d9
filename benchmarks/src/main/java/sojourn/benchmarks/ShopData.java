package sojourn.benchmarks;

import java.io.IOException;
import org.jdbi.v3.core.Jdbi;

/** Contacts and 400 days of what they did: few do much, most little, and more of late. Made in the database itself. */
record ShopData(int contacts, int interactions) {

    private static final int AT_ONCE = 250_000;

    void fill(Server server, Jdbi jdbi) throws IOException, InterruptedException {
        server.send(
                "POST",
                "/v1/interaction-types",
                "{\"key\": \"Purchase\", \"properties\": {\"amount\": \"number\", \"cds\": \"number\"}}");
        server.send("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"colour": {"type": "option", "options": ["red", "green", "blue", "black", "white"]},
                                "nps": {"type": "number"}, "industry": {"type": "text"}}}""");
        for (var key : new String[] {"a", "b"}) {
            server.send(
                    "POST",
                    "/v1/segments",
                    "{\"key\": \"%s\", \"name\": \"%s\", \"kind\": \"static\", \"timeZone\": \"UTC\"}"
                            .formatted(key, key));
            server.send("POST", "/v1/segments/" + key + "/go-live", "");
        }
        fillContacts(jdbi);
        fillRecords(jdbi);
        for (var made = 0; made < interactions; made += AT_ONCE) {
            fillInteractions(jdbi, made, Math.min(AT_ONCE, interactions - made));
            System.err.println("made " + made + " interactions");
        }
        jdbi.useHandle(handle -> {
            handle.execute("""
                    insert into membership (segment_id, contact_id, joined_at)
                    select s.id, c.id, now() from segment s join contact c on c.id % case s.key when 'a' then 3 else 5 end = 0
                    where s.key in ('a', 'b')
                    """);
            handle.execute("vacuum analyze contact, interaction, membership, profile, link");
            handle.execute("checkpoint");
        });
    }

    private void fillContacts(Jdbi jdbi) {
        jdbi.useHandle(handle -> handle.execute("""
                insert into contact (external_id, email, address, attributes, folded, created_at, updated_at)
                select 'c' || n, 'c' || n || '@example.com',
                       jsonb_build_object('city', city, 'region', region, 'country', country),
                       jsonb_build_object('colour', colour, 'nps', n * 31 % 11, 'industry', industry),
                       jsonb_build_object('externalId', 'c' || n, 'email', 'c' || n || '@example.com', 'state', 'active',
                                          'address.city', lower(city), 'address.region', lower(region),
                                          'address.country', lower(country), 'colour', colour,
                                          'industry', lower(industry)),
                       now(), now()
                from (select n,
                             case when n * 13 % 100 = 0 then 'New York' else 'City' || n * 17 % 900 end as city,
                             'Region' || n * 29 % 60 as region,
                             (array['US', 'DE', 'FR', 'GB', 'IT'])[1 + n * 7 % 5] as country,
                             (array['red', 'green', 'blue', 'black', 'white'])[1 + n * 11 % 5] as colour,
                             (array['Retail', 'Energy', 'Media', 'Health', 'Travel', 'Food', 'Law', 'Sport', 'Toys',
                                    'Steel'])[1 + n / 7 % 10] as industry
                      from generate_series(1, ?::bigint) as n) as made
                """, contacts));
    }

    /** An account for every five contacts, a registration for an event for every second one. */
    private void fillRecords(Jdbi jdbi) {
        jdbi.useHandle(handle -> {
            handle.execute("""
                    insert into profile (type_id, external_id, attributes, folded, created_at, updated_at)
                    select t.id, 'a' || n, jsonb_build_object('industry', industry),
                           jsonb_build_object('industry', lower(industry)), now(), now()
                    from profile_type t,
                         (select n, (array['Retail', 'Energy', 'Media', 'Health', 'Travel', 'Food', 'Law', 'Sport',
                                           'Toys', 'Steel'])[1 + n * 13 % 10] as industry
                          from generate_series(1, ?::bigint) as n) as made
                    where t.key = 'account'
                    """, contacts / 5);
            handle.execute("""
                    insert into profile (type_id, external_id, attributes, folded, created_at, updated_at)
                    select t.id, 'r' || n, jsonb_build_object('status', status), jsonb_build_object('status', status),
                           now(), now()
                    from profile_type t,
                         (select n, (array['registered', 'attended', 'cancelled'])[1 + n % 3] as status
                          from generate_series(1, ?::bigint) as n) as made
                    where t.key = 'event_registration'
                    """, contacts / 2);
            handle.execute("""
                    insert into link (relationship_id, from_id, to_id, since)
                    select r.id, c.id, p.id, now()
                    from relationship r, contact c
                    join profile p on p.external_id = 'a' || 1 + c.id % ? and p.type_id = (select id from profile_type where key = 'account')
                    where r.key = 'contact_account'
                    """, contacts / 5);
            handle.execute("""
                    insert into link (relationship_id, from_id, to_id, since)
                    select r.id, p.id, c.id, now()
                    from relationship r, profile p
                    join contact c on c.external_id = 'c' || 1 + (substr(p.external_id, 2)::bigint * 7919) % ?
                    where r.key = 'event_registration_contact'
                      and p.type_id = (select id from profile_type where key = 'event_registration')
                    """, contacts);
        });
    }

    private void fillInteractions(Jdbi jdbi, int from, int count) {
        jdbi.useHandle(handle -> handle.execute("""
                insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id,
                                         journey, properties, folded)
                select 1 + (who * 7919) % ?, now() - ago, now(), type.id, gen_random_uuid(), 'i' || n,
                       case when is_email then 'j' || journey end,
                       case when is_email then jsonb_build_object('journey', 'j' || journey)
                            when key = 'Purchase' then jsonb_build_object('amount', amount, 'cds', 1 + n % 5) end,
                       case when is_email then jsonb_build_object('journey', 'j' || journey) end
                from (select n, floor(? * power(random(), 2.5))::bigint as who,
                             -- None so young that a benchmark which turns clocks back would take it for one to come.
                             interval '1 hour' + interval '400 days' * power(random(), 1.5) as ago,
                             (array['Purchase', 'EmailSent', 'EmailOpened', 'WebsiteVisited', 'WebsiteVisited',
                                    'EmailSent', 'EmailOpened', 'WebsiteVisited', 'EmailClicked', 'EmailSent'])[
                                       1 + n % 10] as often,
                             floor(40 * random()) as journey, n % 50 = 3 as registers,
                             round((random() * 200)::numeric, 2) as amount
                      from generate_series(?::bigint, ?::bigint) as n) as made
                cross join lateral (select case when registers then 'EventRegistered' else often end as key,
                                           not registers and often like 'Email%' as is_email) as what
                join interaction_type type using (key)
                """, contacts, contacts, from, from + count - 1));
    }
}
