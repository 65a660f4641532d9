package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.testing.Mailbox.Mail;

/** Holds what PostgreSQL says at the end against what people sent and what the mail server was given. */
final class Books {

    /** How long a fact may be on its way from its receipt to its commit. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(3);

    /** How long an email may be on its way from the last look to the mail server. */
    private static final Duration IN_HAND = Duration.ofSeconds(5);

    private final Jdbi jdbi;
    private final List<Mail> mails;
    private final Map<String, Instant> orders;

    Books(Jdbi jdbi, List<Mail> mails, Map<String, Instant> orders) {
        this.jdbi = jdbi;
        this.mails = mails;
        this.orders = orders;
    }

    /** A delivery as it ended. */
    public record Delivery(
            UUID id,
            String state,
            String tile,
            UUID runId,
            Instant reservedAt,
            @Nullable Instant endedAt) {}

    /** A run as it ended, and where. */
    public record Ended(
            UUID id,
            String person,
            String status,
            @Nullable String reason,
            @Nullable String outcome,
            Instant enteredAt,
            Instant endedAt,
            String path,
            @Nullable Instant lastEnteredAt,
            @Nullable String branch,
            @Nullable Instant branchEnteredAt,
            @Nullable Instant branchLeftAt) {}

    /** A purchase or a click. */
    public record Fact(String person, String id, Instant occurredAt, Instant receivedAt) {}

    static long open(Jdbi jdbi) {
        return jdbi.withHandle(
                handle -> count(handle, "select count(*) from run where status in ('pending', 'active')"));
    }

    static long runs(Jdbi jdbi) {
        return jdbi.withHandle(handle -> count(handle, "select count(*) from run"));
    }

    /** What is still on its way from one part to another. */
    static long waiting(Jdbi jdbi) {
        return jdbi.withHandle(handle -> count(handle, """
                select (select count(*) from change) + (select count(*) from membership_change)
                     + (select count(*) from run_signal)
                """));
    }

    private static long count(Handle handle, String sql) {
        return handle.select(sql).mapTo(Long.class).one();
    }

    private <T> List<T> rows(Class<T> type, String sql) {
        return jdbi.withHandle(
                handle -> handle.select(sql).map(ConstructorMapper.of(type)).list());
    }

    private List<Fact> facts(String type) {
        return rows(Fact.class, """
                select c.external_id as person, i.id, i.occurred_at, i.received_at
                from interaction i join interaction_type t on t.id = i.type_id join contact c on c.id = i.contact_id
                where t.key = '%s' and (t.key <> 'EmailClicked' or i.tile = 'hello')
                order by i.occurred_at
                """.formatted(type));
    }

    void nothingWasLostOrAppliedTwice(int people) {
        assertThat(facts("Purchase").stream().map(Fact::id)).containsExactlyInAnyOrderElementsOf(orders.keySet());
        jdbi.useHandle(handle -> {
            assertThat(count(handle, "select count(*) from contact")).isEqualTo(people);
            assertThat(count(handle, "select count(*) from membership")).isEqualTo(people);
        });
    }

    void figuresAddUp(int people) {
        jdbi.useHandle(handle -> {
            assertThat(count(handle, "select count(*) from run")).isEqualTo(people);
            assertThat(count(handle, """
                    select count(*) from run where status in ('completed', 'stopped') and ended_at is not null
                    """)).isEqualTo(people);
            assertThat(told(handle, "Journey"))
                    .isEqualTo(handle.createQuery("""
                            select 'JourneyEntered' as key, count(*) as value from run
                            union all select 'Journey' || initcap(status), count(*) from run group by status
                            """)
                            .setMapKeyColumn("key")
                            .setMapValueColumn("value")
                            .collectInto(COUNTS));
            assertThat(told(handle, "Tile"))
                    .isEqualTo(handle.createQuery("""
                            select 'TileEntered ' || tile as key, count(*) as value from tile_visit group by tile
                            union all select 'Tile' || initcap(status) || ' ' || tile, count(*)
                            from tile_visit group by status, tile
                            """)
                            .setMapKeyColumn("key")
                            .setMapValueColumn("value")
                            .collectInto(COUNTS));
        });
    }

    private static final org.jdbi.v3.core.generic.GenericType<Map<String, Long>> COUNTS =
            new org.jdbi.v3.core.generic.GenericType<>() {};

    private static Map<String, Long> told(Handle handle, String about) {
        return handle.createQuery("""
                        select concat_ws(' ', t.key, case when :about = 'Tile' then i.tile end) as key, count(*) as value
                        from interaction i join interaction_type t on t.id = i.type_id
                        where t.key like :about || '%' group by 1
                        """)
                .bind("about", about)
                .setMapKeyColumn("key")
                .setMapValueColumn("value")
                .collectInto(COUNTS);
    }

    /** Nobody gets an email twice, and what a delivery says of it is true. */
    void deliveriesAreTrue(List<Instant> crashes) {
        assertThat(mails.stream().collect(Collectors.groupingBy(mail -> mail.to() + ": " + mail.subject())))
                .allSatisfy((_, same) -> assertThat(same).hasSize(1));
        var byId = mails.stream().collect(Collectors.groupingBy(Books::id, Collectors.counting()));
        var deliveries = rows(Delivery.class, "select id, state, tile, run_id, reserved_at, ended_at from delivery");
        assertThat(deliveries.stream().collect(Collectors.groupingBy(each -> each.runId() + " " + each.tile())))
                .allSatisfy((_, same) -> assertThat(same).hasSize(1));
        for (var delivery : deliveries) {
            var taken = byId.getOrDefault(delivery.id().toString(), 0L);
            switch (delivery.state()) {
                case "sent" -> assertThat(taken).as(delivery::toString).isOne();
                case "cancelled" -> assertThat(taken).as(delivery::toString).isZero();
                case "unconfirmed" -> {
                    assertThat(taken).as(delivery::toString).isLessThanOrEqualTo(1);
                    assertThat(crashes).as(delivery::toString).anyMatch(crash -> within(delivery, crash));
                }
                default -> throw new AssertionError("It did not end well: " + delivery);
            }
        }
        assertThat(byId.keySet())
                .isSubsetOf(
                        deliveries.stream().map(each -> each.id().toString()).toList());
    }

    /** Mails whose senders died while they waited for the answer: nobody can know whether they went out. */
    void areUnconfirmed(Set<Mail> unknowable) {
        var states =
                rows(Delivery.class, "select id, state, tile, run_id, reserved_at, ended_at from delivery").stream()
                        .collect(Collectors.toMap(each -> each.id().toString(), Delivery::state));
        assertThat(unknowable)
                .allSatisfy(mail -> assertThat(states.get(id(mail)))
                        .as(mail.header("Message-ID"))
                        .isEqualTo("unconfirmed"));
    }

    private static String id(Mail mail) {
        return mail.header("Message-ID").replaceAll("^<|@.*$", "");
    }

    private static boolean within(Delivery delivery, Instant crash) {
        return delivery.endedAt() != null && crash.isAfter(delivery.reservedAt()) && crash.isBefore(delivery.endedAt());
    }

    /** Every run ended as what its contact did demands. */
    void runsEndedAsTheyShould() {
        var purchases = facts("Purchase").stream().collect(Collectors.groupingBy(Fact::person));
        var clicks = facts("EmailClicked").stream().collect(Collectors.groupingBy(Fact::person));
        for (var run : runs()) {
            var bought = purchases.getOrDefault(run.person(), List.of()).stream()
                    .filter(each -> !each.occurredAt().isBefore(run.enteredAt()))
                    .toList();
            if (run.status().equals("stopped")) {
                assertThat(run.reason()).as(run::toString).isEqualTo("exit-interaction");
                assertThat(bought)
                        .as(run::toString)
                        .anyMatch(each -> each.occurredAt().isBefore(run.endedAt()));
            } else {
                assertThat(run.status()).as(run::toString).isEqualTo("completed");
                assertThat(bought).as(run::toString).noneMatch(each -> demandsStop(run, each));
            }
            branchIsRight(run, clicks.getOrDefault(run.person(), List.of()));
            nothingWasSentAfter(run, bought);
        }
    }

    private static boolean demandsStop(Ended run, Fact bought) {
        return run.lastEnteredAt() != null
                && bought.occurredAt().isBefore(run.lastEnteredAt())
                && bought.receivedAt().plus(IN_FLIGHT).isBefore(run.endedAt());
    }

    private static void branchIsRight(Ended run, List<Fact> clicks) {
        var whole = "yes".equals(run.branch()) ? "hello pause clicked bye" : "hello pause clicked remind last";
        if (run.status().equals("completed")) {
            assertThat(run.path()).as(run::toString).isEqualTo(whole);
            assertThat(run.outcome()).isEqualTo("yes".equals(run.branch()) ? "clicked" : "completed");
        } else {
            assertThat(whole).as(run::toString).startsWith(run.path());
        }
        if (run.branch() == null || run.branchEnteredAt() == null || run.branchLeftAt() == null) {
            return;
        }
        var until = run.branchEnteredAt().plus(Shop.LIMIT);
        var inTime = clicks.stream().filter(each -> !each.occurredAt().isAfter(until));
        if (run.branch().equals("yes")) {
            assertThat(inTime).as(run::toString).isNotEmpty();
        } else {
            var left = run.branchLeftAt();
            assertThat(inTime)
                    .as(run::toString)
                    .noneMatch(each -> each.receivedAt().plus(IN_FLIGHT).isBefore(left));
        }
    }

    private void nothingWasSentAfter(Ended run, List<Fact> bought) {
        bought.stream()
                .map(each -> orders.get(each.id()))
                .min(Instant::compareTo)
                .ifPresent(accepted -> assertThat(mails)
                        .as(run + " was exited at " + accepted)
                        .noneMatch(mail -> mail.to().equals(Crowd.address(Integer.parseInt(run.person())))
                                && mail.at().isAfter(accepted.plus(IN_HAND))));
    }

    private List<Ended> runs() {
        return rows(Ended.class, """
                select r.id, c.external_id as person, r.status, r.reason, r.outcome, r.entered_at, r.ended_at,
                       coalesce((select string_agg(v.tile, ' ' order by v.no) from tile_visit v where v.run_id = r.id), '') as path,
                       (select max(v.entered_at) from tile_visit v where v.run_id = r.id) as last_entered_at,
                       b.branch, b.entered_at as branch_entered_at, b.left_at as branch_left_at
                from run r join contact c on c.id = r.contact_id
                left join tile_visit b on b.run_id = r.id and b.tile = 'clicked'
                """);
    }

    /** In a few words, for whoever watches. */
    String summary() {
        return jdbi.withHandle(handle -> handle.select("""
                        select (select string_agg(n || ' ' || state, ', ' order by state)
                                from (select state, count(*) n from delivery group by state) d)
                            || '; runs: ' || (select string_agg(n || ' ' || status, ', ' order by status)
                                from (select status, count(*) n from run group by status) r)
                        """).mapTo(String.class).one()) + "; " + mails.size()
                + " mails, " + orders.size() + " orders";
    }
}
