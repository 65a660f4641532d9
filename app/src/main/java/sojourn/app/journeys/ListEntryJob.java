package sojourn.app.journeys;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Job;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobProblem;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/**
 * Lets in a list of contacts, or the members of a static segment, because somebody says so. A batch, what became of each of
 * its contacts and its place in the list are one transaction, so a job that was killed goes on where it was.
 */
final class ListEntryJob implements JobKind {

    static final String NAME = "journey-entries";

    private static final int BATCH = 500;
    private static final String ENTERED = "entered";
    private static final String WAITING = "waiting";
    private static final String REPEATED = "repeated";
    private static final String UNKNOWN = "unknown-contact";

    /**
     * Who is to enter what.
     *
     * @param segment whose members enter; null when the upload lists contacts, a reference a line
     * @param deed who lets them in; null where that was before deeds were kept
     */
    record Input(
            int journey,
            @Nullable Integer segment,
            @Nullable Deed deed) {}

    /** How far it is: so many contacts, the last of them of a segment by its number. */
    record Position(long done, long contact) {
        static final Position START = new Position(0, 0);
    }

    /** One place in the list; no contact where the reference names nobody. */
    private record Place(long no, @Nullable Long contact) {}

    private record Fate(String result, @Nullable UUID run, String detail) {}

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts;
    private final LiveVersions versions;
    private final Enrolment enrolment;
    private final List<Loop> next;

    /** @param next who go on with those who were let in or lined up */
    ListEntryJob(
            Jdbi jdbi,
            InstantSource clock,
            Contacts contacts,
            LiveVersions versions,
            Enrolment enrolment,
            List<Loop> next) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.contacts = contacts;
        this.versions = versions;
        this.enrolment = enrolment;
        this.next = List.copyOf(next);
    }

    static Job submit(Jobs jobs, Journey journey, int segment, Deed deed) {
        return jobs.submit(NAME, journey.key(), new Input(journey.number(), segment, deed), null, deed.by());
    }

    static Job submit(Jobs jobs, Journey journey, List<String> contacts, Deed deed) {
        var lines = contacts.stream().map(each -> each.replace('\n', ' ')).collect(Collectors.joining("\n"));
        var upload = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
        return jobs.submit(NAME, journey.key(), new Input(journey.number(), null, deed), upload, deed.by());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(JobRun run) throws IOException {
        var input = run.input(Input.class);
        var position = run.position(Position.class).orElse(Position.START);
        var list = input.segment() == null
                ? new BufferedReader(new InputStreamReader(run.upload(), StandardCharsets.UTF_8))
                : null;
        for (var row = 0L; list != null && row < position.done(); row++) {
            list.readLine();
        }
        if (input.segment() != null) {
            run.total(position.done() + members(input.segment(), position.contact()));
        }
        while (!run.cancelled()) {
            var references = list == null ? List.<String>of() : read(list);
            var from = position;
            position = Transactions.in(jdbi, handle -> {
                var places = input.segment() == null
                        ? named(handle, from, references)
                        : members(handle, input.segment(), from);
                return places.isEmpty() ? from : take(handle, run, input, places);
            });
            if (position.equals(from)) {
                return;
            }
            next.forEach(Loop::kick);
        }
    }

    /** One entry of the audit log for the whole list. */
    @Override
    public void ended(Handle handle, JobRun run, Job job) {
        long entered = job.result().getOrDefault(ENTERED, 0L);
        long waiting = job.result().getOrDefault(WAITING, 0L);
        if (entered + waiting > 0 && job.subject() != null) {
            var details = Map.<String, Object>of("job", job.id(), ENTERED, entered, WAITING, waiting);
            var done = new AuditLog.Done("list-entered", Milestones.JOURNEY, job.subject()).with(details);
            AuditLog.note(
                    handle, clock.instant(), Deed.of(job, run.input(Input.class).deed()), done);
        }
    }

    private static List<String> read(BufferedReader list) throws IOException {
        var some = new ArrayList<String>();
        while (some.size() < BATCH) {
            var line = list.readLine();
            if (line == null) {
                break;
            }
            some.add(line);
        }
        return some;
    }

    private List<Place> named(Handle handle, Position from, List<String> references) {
        var found = contacts.resolveAll(handle, references);
        return IntStream.range(0, references.size())
                .mapToObj(n -> new Place(from.done() + n + 1, found.get(references.get(n))))
                .toList();
    }

    private static List<Place> members(Handle handle, int segment, Position from) {
        var some = handle.select("""
                        select contact_id from membership where segment_id = ? and contact_id > ?
                        order by contact_id limit ?
                        """, segment, from.contact(), BATCH)
                .mapTo(Long.class)
                .list();
        return IntStream.range(0, some.size())
                .mapToObj(n -> new Place(from.done() + n + 1, some.get(n)))
                .toList();
    }

    private long members(int segment, long after) {
        return jdbi.withHandle(handle -> handle.select(
                        "select count(*) from membership where segment_id = ? and contact_id > ?", segment, after)
                .mapTo(Long.class)
                .one());
    }

    private Position take(Handle handle, JobRun run, Input input, List<Place> places) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var version = versions.get(handle, input.journey(), liveVersion(handle, input.journey()));
        var named = firsts(handle, run.id(), places);
        var entered = enrolment.enter(handle, version, List.copyOf(named.keySet()), now, Enrolment.BY_LIST).stream()
                .collect(Collectors.toMap(Enrolment.Entered::contactId, Enrolment.Entered::id));
        var waiting = waiting(handle, input.journey(), named.keySet());
        var counted = new HashMap<String, Long>();
        var problems = new ArrayList<JobProblem>();
        var results = handle.prepareBatch(
                "insert into entry_result (job_id, no, contact_id, result, run_id) values (?, ?, ?, ?, ?)");
        for (var place : places) {
            var fate = fate(handle, version, place, named, entered, waiting, now);
            counted.merge(fate.result(), 1L, Long::sum);
            if (!fate.result().equals(ENTERED) && !fate.result().equals(WAITING)) {
                problems.add(new JobProblem(place.no(), fate.result(), fate.detail()));
            }
            results.add(run.id(), place.no(), place.contact(), fate.result(), fate.run());
        }
        results.execute();
        var last = places.getLast();
        var reached = new Position(last.no(), input.segment() == null || last.contact() == null ? 0 : last.contact());
        run.progress(handle, reached, reached.done(), counted, problems);
        return reached;
    }

    private static int liveVersion(Handle handle, int journey) {
        return handle.select("select live_version from journey where id = ?", journey)
                .mapTo(Integer.class)
                .one();
    }

    /** Contacts that the list names for the first time, by where. */
    private static Map<Long, Place> firsts(Handle handle, UUID job, List<Place> places) {
        var firsts = new LinkedHashMap<Long, Place>();
        for (var place : places) {
            if (place.contact() != null) {
                firsts.putIfAbsent(place.contact(), place);
            }
        }
        handle.createQuery("select contact_id from entry_result where job_id = :job and contact_id = any(:contacts)")
                .bind("job", job)
                .bindArray("contacts", Long.class, firsts.keySet())
                .mapTo(Long.class)
                .forEach(firsts::remove);
        return firsts;
    }

    private static Set<Long> waiting(Handle handle, int journey, Iterable<Long> contacts) {
        return new HashSet<>(handle.createQuery("""
                        select contact_id from entry_wait
                        where journey_id = :journey and entered_by = :by and contact_id = any(:contacts)
                        """)
                .bind("journey", journey)
                .bind("by", Enrolment.BY_LIST)
                .bindArray("contacts", Long.class, contacts)
                .mapTo(Long.class)
                .list());
    }

    private static Fate fate(
            Handle handle,
            LiveVersion version,
            Place place,
            Map<Long, Place> named,
            Map<Long, UUID> entered,
            Set<Long> waiting,
            Instant now) {
        var contact = place.contact();
        if (contact == null) {
            return new Fate(UNKNOWN, null, "There is no such contact");
        }
        if (!place.equals(named.get(contact))) {
            return new Fate(REPEATED, null, "The list has named the contact before");
        }
        if (entered.containsKey(contact)) {
            return new Fate(ENTERED, entered.get(contact), "");
        }
        if (waiting.contains(contact)) {
            return new Fate(WAITING, null, "");
        }
        // In a pause whoever is not kept out by something else waits.
        return EntryVerdict.byHand(handle, version, contact, now).hurdles().stream()
                .filter(each -> !each.holds())
                .reduce((first, second) -> first.code() == EntryHurdle.NOT_LIVE ? second : first)
                .map(hurdle -> new Fate(hurdle.code().slug(), null, hurdle.detail()))
                .orElseGet(
                        () -> new Fate(EntryHurdle.ALREADY_ENTERED.slug(), null, "The contact has entered just now"));
    }
}
