package sojourn.app.contacts;

import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** The business units, and who is in which. */
public final class BusinessUnits {

    /** What other features make of business units. */
    public interface Use {

        /** In the transaction that puts these people into a unit, into another, or out of any. */
        void membersChanged(Handle handle, Set<String> members, Instant at);

        /** The records that a unit's disappearance would leave without meaning, as a person would name them. */
        List<String> users(Handle handle, String unit);
    }

    /** What the audit log calls a unit. */
    private static final String KIND = "business-unit";

    private static final Pattern KEY = Pattern.compile("(?!.*--)[a-z0-9][a-z0-9_-]{0,199}");

    /** Words with a meaning of their own where a unit may stand. */
    private static final Set<String> RESERVED = Set.of("organization", "owner");

    private static final int LONGEST_NAME = 255;
    private static final int MOST_MEMBERS = 10_000;

    /** Any number that no other use of advisory locks has. */
    private static final long LOCK = 7_305_005;

    private final Jdbi jdbi;
    private final Changes changes;
    private final InstantSource clock;
    private final List<Use> uses = new CopyOnWriteArrayList<>();

    BusinessUnits(Jdbi jdbi, Changes changes, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.clock = clock;
    }

    /** A unit after it was written. */
    record Written(BusinessUnit unit, boolean created) {}

    /** Lets a later feature follow units. */
    public void usedBy(Use use) {
        uses.add(use);
    }

    /** The keys of all units. */
    public static Set<String> keys(Handle handle) {
        return handle.attach(BusinessUnitDao.class).keys();
    }

    /** Whether there is such a unit; it stays until the caller's transaction ends. */
    public static boolean hold(Handle handle, String key) {
        return handle.attach(BusinessUnitDao.class).hold(key).isPresent();
    }

    /** The units of those of these people who are in one. */
    public static Map<String, String> of(Handle handle, Collection<String> members) {
        return members.isEmpty()
                ? Map.of()
                : handle.attach(BusinessUnitDao.class).memberships(members.toArray(String[]::new)).stream()
                        .collect(toMap(BusinessUnitDao.Member::member, BusinessUnitDao.Member::businessUnit));
    }

    /** Makes the unit, or gives it this name and these members and no others. */
    Written put(String key, @Nullable String name, List<String> members, @Nullable String ifMatch, Deed deed) {
        var written = Transactions.in(jdbi, handle -> {
            lock(handle);
            var units = handle.attach(BusinessUnitDao.class);
            check(units, key, name, members);
            var old = units.find(key);
            if (old.isEmpty() && ifMatch != null) {
                throw new Problem(ProblemType.STALE, "If-Match was sent, but there is no business unit " + key);
            }
            old.ifPresent(unit -> Versions.heed(ifMatch, unit.version()));
            var now = clock.instant();
            units.put(key, name == null ? key : name, deed.by(), now);
            var before = old.map(BusinessUnit::members).orElse(List.of());
            setMembers(handle, key, before, members);
            AuditLog.note(handle, now, deed, new AuditLog.Done(old.isEmpty() ? "created" : "changed", KIND, key));
            return new Written(units.find(key).orElseThrow(), old.isEmpty());
        });
        changes.kick();
        return written;
    }

    private void setMembers(Handle handle, String key, List<String> before, List<String> after) {
        var units = handle.attach(BusinessUnitDao.class);
        var leaving = new HashSet<>(before);
        leaving.removeAll(after);
        var coming = new HashSet<>(after);
        coming.removeAll(before);
        units.removeMembers(key, leaving.toArray(String[]::new));
        units.addMembers(key, coming.toArray(String[]::new));
        var moved = new HashSet<>(leaving);
        moved.addAll(coming);
        if (!moved.isEmpty()) {
            uses.forEach(use -> use.membersChanged(handle, moved, clock.instant()));
        }
    }

    void delete(String key, @Nullable String ifMatch, Deed deed) {
        Transactions.use(jdbi, handle -> {
            lock(handle);
            var units = handle.attach(BusinessUnitDao.class);
            // The row's own lock keeps contacts from coming into the unit that is found empty.
            var version = units.lock(key).orElseThrow(() -> Problem.notFound("business unit", key));
            Versions.heed(ifMatch, version);
            var users = new ArrayList<String>();
            if (units.hasContacts(key)) {
                users.add("contacts");
            }
            uses.forEach(use -> users.addAll(use.users(handle, key)));
            if (!users.isEmpty()) {
                throw new Problem(
                        ProblemType.IN_USE,
                        "Business unit " + key + " is used by " + String.join(", ", users)
                                + "; let them belong to another first");
            }
            setMembers(handle, key, units.find(key).orElseThrow().members(), List.of());
            units.delete(key);
            AuditLog.note(handle, clock.instant(), deed, new AuditLog.Done("deleted", KIND, key));
        });
        changes.kick();
    }

    private static void check(BusinessUnitDao units, String key, @Nullable String name, List<String> members) {
        var problems = new ArrayList<ProblemError>();
        if (!KEY.matcher(key).matches() || RESERVED.contains(key)) {
            problems.add(ProblemError.at(
                    "/key",
                    "invalid-key",
                    "'" + key + "' is no key of a business unit: lower-case letters, digits, '_' and '-' would fit,"
                            + " beginning with a letter or digit, without '--', and neither organization nor owner"));
        }
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
            problems.add(ProblemError.at("/name", "wrong-size", "1 to " + LONGEST_NAME + " characters would fit"));
        }
        if (members.size() > MOST_MEMBERS) {
            problems.add(ProblemError.at("/members", "too-many", "at most " + MOST_MEMBERS + " members would fit"));
        } else {
            check(units, key, members, problems);
        }
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
    }

    private static void check(BusinessUnitDao units, String key, List<String> members, List<ProblemError> problems) {
        var elsewhere = units.memberships(members.toArray(String[]::new)).stream()
                .filter(found -> !found.businessUnit().equals(key))
                .collect(toMap(BusinessUnitDao.Member::member, BusinessUnitDao.Member::businessUnit));
        var seen = new HashSet<String>();
        for (var index = 0; index < members.size(); index++) {
            var member = members.get(index);
            var pointer = "/members/" + index;
            if (member.isBlank() || member.length() > LONGEST_NAME) {
                problems.add(ProblemError.at(pointer, "wrong-size", "1 to " + LONGEST_NAME + " characters would fit"));
            } else if (!seen.add(member)) {
                problems.add(ProblemError.at(pointer, "duplicate", "'" + member + "' is named twice"));
            } else if (elsewhere.containsKey(member)) {
                problems.add(ProblemError.at(
                        pointer,
                        "in-another-unit",
                        "'" + member + "' is in business unit " + elsewhere.get(member)
                                + "; nobody is in two, take the name out there first"));
            }
        }
    }

    /** One change of units at a time, so that what was checked is still true when it is written. */
    private static void lock(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(?)", LOCK);
    }
}
