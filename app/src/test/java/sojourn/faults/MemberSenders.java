package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Json;
import sojourn.faults.Outside.Sent;

/** Changes members of static segments: by hand, in bulk, by query, and as another system that sends whole lists and changes. */
final class MemberSenders {

    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";
    private static final List<String> NOBODY = List.of("nobody1", "nobody2");

    private final Outside outside;
    private final Facts facts;
    private final Jdbi jdbi;

    MemberSenders(Outside outside, Facts facts, Jdbi jdbi) {
        this.outside = outside;
        this.facts = facts;
        this.jdbi = jdbi;
    }

    void keepSending(SegmentLoad load) {
        load.keepDoing("picking members", Duration.ofSeconds(2), random -> {
            switch (random.nextInt(4)) {
                case 0 -> byHand(random);
                case 1, 2 -> inBulk(random);
                default -> byQuery(random);
            }
        });
        load.keepDoing("sending members", Duration.ofSeconds(2), random -> {
            if (random.nextBoolean()) {
                replace(random);
            } else {
                change(random);
            }
        });
    }

    private static Set<Integer> some(Random random, int most) {
        return random.ints(1 + random.nextInt(most), 1, Facts.PEOPLE + 1)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void byHand(Random random) throws IOException {
        var add = some(random, 30);
        var remove = some(random, 30);
        remove.removeAll(add);
        var members = facts.members(Catalogue.PICKED);
        var before = Set.copyOf(members);
        members.addAll(add);
        members.removeAll(remove);
        var answer = once("/members", """
                {"add": %s, "remove": %s}
                """.formatted(names(add), names(remove)), "application/json");
        assertThat(answer.path("size").intValue()).isEqualTo(members.size());
        // The first answer is not known when it could not be given: then the second says that nothing was left to do.
        assertThat(answer.path("joined").longValue()).isIn(0L, difference(members, before));
    }

    private JsonNode once(String path, String body, String type) throws IOException {
        var sent = new Sent(body, type, Map.of()).once(UUID.randomUUID().toString());
        var answer = outside.ask("POST", "/v1/segments/" + Catalogue.PICKED + path, sent);
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        return Json.mapper().readTree(answer.body());
    }

    private void inBulk(Random random) throws IOException {
        var add = random.nextInt(3) > 0;
        var named = some(random, Facts.PEOPLE);
        var members = facts.members(Catalogue.PICKED);
        var before = Set.copyOf(members);
        if (add) {
            members.addAll(named);
        } else {
            members.removeAll(named);
        }
        var lines = Stream.concat(Stream.of("externalId"), Stream.concat(numbers(named), NOBODY.stream()));
        var earlier = jobs(Catalogue.PICKED);
        once("/members/import?action=" + (add ? "add" : "remove"), lines.collect(Collectors.joining("\n")), CSV);
        awaitJobs(Catalogue.PICKED);
        var mine = new HashSet<>(jobs(Catalogue.PICKED));
        mine.removeAll(earlier);
        // Asked twice because the answer was lost, there are two jobs, and one finds nothing to do.
        assertThat(mine).isNotEmpty();
        assertThat(sum(mine, "joined")).isEqualTo(difference(members, before));
        assertThat(sum(mine, "left")).isEqualTo(difference(before, members));
        assertThat(sum(mine, "rejected")).isEqualTo((long) mine.size() * NOBODY.size());
    }

    private void byQuery(Random random) throws IOException {
        var members = facts.members(Catalogue.PICKED);
        var among = random.nextBoolean() ? "members" : "contacts";
        var asked = once("/members/query", """
                {"query": "PROFILE(contact).FILTER(score >= %d)", "among": "%s"}
                """.formatted(random.nextInt(100), among), "application/json");
        var result = "/members/query/" + asked.path("id").textValue();
        var found = found(result);
        assertThat(found).hasSize(asked.path("count").intValue());
        var remove = random.nextBoolean();
        var all = random.nextBoolean();
        var chosen = found.stream().filter(_ -> all || random.nextBoolean()).toList();
        if (remove) {
            members.removeAll(chosen);
        } else {
            members.addAll(chosen);
        }
        var choice = all ? "\"all\"" : names(chosen);
        var answer = once(result + (remove ? "/remove" : "/add"), "{\"contacts\": " + choice + "}", "application/json");
        assertThat(answer.path("size").intValue()).isEqualTo(members.size());
    }

    private List<Integer> found(String result) throws IOException {
        var found = new ArrayList<Integer>();
        var path = "/v1/segments/" + Catalogue.PICKED + result + "?limit=1000";
        for (String cursor = ""; cursor != null; ) {
            var page = Json.mapper().readTree(outside.insist("GET", path + cursor, ""));
            page.path("items")
                    .forEach(each ->
                            found.add(Integer.valueOf(each.path("externalId").textValue())));
            cursor = page.path("next").isNull()
                    ? null
                    : "&cursor=" + page.path("next").textValue();
        }
        return found;
    }

    private void replace(Random random) {
        var wanted = some(random, Facts.PEOPLE);
        var lines = Stream.concat(Stream.of("externalId"), Stream.concat(numbers(wanted), NOBODY.stream()));
        sync("PUT", CSV, lines.collect(Collectors.joining("\n")), wanted);
    }

    private void change(Random random) {
        var wanted = new TreeSet<>(facts.members(Catalogue.SYNCED));
        var lines = new ArrayList<String>();
        for (var person : some(random, 1_300)) {
            var add = random.nextInt(3) > 0;
            lines.add("{\"op\": \"%s\", \"contact\": \"external:%d\"}".formatted(add ? "add" : "remove", person));
            if (add) {
                wanted.add(person);
            } else {
                wanted.remove(person);
            }
        }
        NOBODY.forEach(name -> lines.add("{\"op\": \"add\", \"contact\": \"external:" + name + "\"}"));
        sync("PATCH", NDJSON, String.join("\n", lines), wanted);
    }

    /** Sends the same under the same name until it is said to be done. */
    private void sync(String method, String type, String body, Set<Integer> wanted) {
        var name = "sync-" + UUID.randomUUID();
        var members = facts.members(Catalogue.SYNCED);
        var before = Set.copyOf(members);
        members.retainAll(wanted);
        members.addAll(wanted);
        facts.syncs.put(
                name,
                Map.of(
                        "joined", difference(members, before),
                        "left", difference(before, members),
                        "rejected", (long) NOBODY.size()));
        var path = "/v1/segments/" + Catalogue.SYNCED + "/members/external?syncId=" + name;
        Shop.await("sync " + name + " is done", () -> {
            var answer = outside.ask(method, path, new Sent(body, type, Map.of()));
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
            if (answer.statusCode() == 202) {
                awaitJobs(Catalogue.SYNCED);
            }
            return answer.statusCode() == 200;
        });
    }

    private void awaitJobs(String segment) {
        Shop.await(
                "jobs of " + segment + " have ended",
                () -> jdbi.withHandle(handle ->
                        handle.select("""
                                select count(*) = 0 from job where subject = ? and state in ('queued', 'running')
                                """, segment).mapTo(Boolean.class).one()));
    }

    private Set<UUID> jobs(String segment) {
        return ask(handle -> handle.select("select id from job where subject = ? and state <> 'uploading'", segment)
                .mapTo(UUID.class)
                .set());
    }

    private long sum(Collection<UUID> jobs, String count) {
        return ask(handle -> handle.createQuery("""
                        select coalesce(sum((result ->> :count)::bigint), 0) from job where id = any(:jobs)
                        """)
                .bind("count", count)
                .bind("jobs", jobs.toArray(UUID[]::new))
                .mapTo(Long.class)
                .one());
    }

    /** Asks a database that may be away for a while. */
    private <T> T ask(HandleCallback<T, RuntimeException> question) {
        var answer = new AtomicReference<T>();
        Shop.await("the database answers", () -> {
            answer.set(jdbi.withHandle(question));
            return true;
        });
        return answer.get();
    }

    private static long difference(Collection<Integer> all, Collection<Integer> without) {
        return all.stream().filter(each -> !without.contains(each)).count();
    }

    private static Stream<String> numbers(Collection<Integer> people) {
        return people.stream().map(String::valueOf);
    }

    private static String names(Collection<Integer> people) {
        return people.stream().map(each -> "\"external:" + each + "\"").collect(Collectors.joining(",", "[", "]"));
    }
}
