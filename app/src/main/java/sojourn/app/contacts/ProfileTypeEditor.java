package sojourn.app.contacts;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
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

/** Declares profile types and their attributes, and takes away what nobody uses. */
final class ProfileTypeEditor {

    private static final int LONGEST_NAME = 255;
    private static final Set<String> ALSO_RESERVED = Set.of("id", "attributes");
    private static final Set<String> ALSO_RESERVED_FOR_CONTACTS = Set.of("address", "businessUnit");

    /** How records of a type are dealt with; what is null stays as it is, which is off for a new type. */
    record Switches(
            @Nullable Boolean allowUndeclared, @Nullable Boolean recordChanges) {

        boolean allowUndeclared(boolean before) {
            return allowUndeclared == null ? before : allowUndeclared;
        }

        boolean recordChanges(boolean before) {
            return recordChanges == null ? before : recordChanges;
        }

        /** Those that are other than before, by name. */
        private Map<String, Object> changed(ProfileTypeDao.Type before) {
            var changed = new LinkedHashMap<String, Object>();
            if (allowUndeclared(before.allowUndeclared()) != before.allowUndeclared()) {
                changed.put("allowUndeclared", allowUndeclared(before.allowUndeclared()));
            }
            if (recordChanges(before.recordChanges()) != before.recordChanges()) {
                changed.put("recordChanges", recordChanges(before.recordChanges()));
            }
            return changed;
        }
    }

    private final Jdbi jdbi;
    private final Changes changes;
    private final InstantSource clock;
    private final UndeclaredValues undeclared;
    private final List<ProfileTypeUse> uses = new CopyOnWriteArrayList<>();

    ProfileTypeEditor(Jdbi jdbi, Changes changes, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.clock = clock;
        this.undeclared = new UndeclaredValues(jdbi, changes, clock);
    }

    void usedBy(ProfileTypeUse use) {
        uses.add(use);
    }

    void create(
            @Nullable String key,
            @Nullable String name,
            Map<String, @Nullable Object> attributes,
            Switches switches,
            Deed deed) {
        Transactions.use(jdbi, handle -> {
            DeclarationLock.take(handle);
            var errors = new ArrayList<ProblemError>();
            Declarations.checkKey("/key", key, errors);
            var checkedName = name(name, errors);
            var type = String.valueOf(key);
            var declared = read(handle, "/attributes", type, attributes, errors);
            refuse(errors);
            var dao = handle.attach(ProfileTypeDao.class);
            var added = dao.add(
                    type, checkedName, switches.allowUndeclared(false), switches.recordChanges(false), clock.instant());
            if (!added) {
                throw new Problem(ProblemType.KEY_TAKEN, "There is a profile type " + type + " already");
            }
            put(dao, type, declared);
            note(handle, deed, "created", type, DeclaredChanges.of(Map.of(), declared));
        });
    }

    /**
     * Adds attributes, and takes those away whose declaration is null; one that stays keeps its type, and may get more
     * options. What records have already of one that is new must fit it.
     */
    void change(
            String key,
            @Nullable String ifMatch,
            @Nullable String name,
            Map<String, @Nullable Object> attributes,
            Switches switches,
            Deed deed) {
        var kept = new LinkedHashMap<String, @Nullable Object>(attributes);
        kept.values().removeIf(declaration -> declaration == null);
        var fresh = Transactions.in(jdbi, handle -> {
            lock(handle.attach(ProfileTypeDao.class), key, ifMatch);
            return fresh(handle, key, added(handle, key, kept, name));
        });
        if (!fresh.isEmpty()) {
            undeclared.prepare(key, fresh);
        }
        Transactions.use(jdbi, handle -> {
            DeclarationLock.take(handle);
            var dao = handle.attach(ProfileTypeDao.class);
            var row = lock(dao, key, ifMatch);
            var before = ProfileTypes.declared(handle, key);
            var added = added(handle, key, kept, name);
            var removed = new HashSet<>(attributes.keySet());
            removed.removeAll(kept.keySet());
            remove(handle, key, removed);
            undeclared.settle(handle, key, fresh(handle, key, added));
            put(dao, key, added);
            dao.touch(
                    key,
                    name == null ? row.name() : name(name, new ArrayList<>()),
                    switches.allowUndeclared(row.allowUndeclared()),
                    switches.recordChanges(row.recordChanges()),
                    clock.instant());
            var details = DeclaredChanges.of(before, ProfileTypes.declared(handle, key));
            details.putAll(switches.changed(row));
            note(handle, deed, "changed", key, details);
        });
        changes.kick();
    }

    /** Declares, within the caller's transaction and behind the lock, what {@link #missing} finds; returns the names. */
    Set<String> declareMissing(
            Handle handle,
            String pointer,
            String type,
            Map<String, Object> attributes,
            List<ProblemError> errors,
            Deed deed) {
        var missing = missing(handle, pointer, type, attributes, errors);
        if (!missing.isEmpty()) {
            var dao = handle.attach(ProfileTypeDao.class);
            var row = lock(dao, type, null);
            var before = ProfileTypes.declared(handle, type);
            undeclared.settle(handle, type, fresh(handle, type, missing));
            put(dao, type, missing);
            dao.touch(type, row.name(), row.allowUndeclared(), row.recordChanges(), clock.instant());
            note(handle, deed, "changed", type, DeclaredChanges.of(before, ProfileTypes.declared(handle, type)));
        }
        return missing.keySet();
    }

    /** Attributes that are not declared yet, and those that lack options, with all that they have then; none that are wrong. */
    Map<String, Declaration> missing(
            Handle handle, String pointer, String type, Map<String, Object> attributes, List<ProblemError> errors) {
        var place = pointer + "/" + type;
        if (!ProfileTypes.all(handle).containsKey(type)) {
            errors.add(ProblemError.at(
                    place,
                    "unknown-profile-type",
                    "There is no profile type " + type + "; make it first, with POST /v1/profile-types"));
            return Map.of();
        }
        var missing = new LinkedHashMap<>(read(handle, place, type, attributes, errors));
        var declared = ProfileTypes.declared(handle, type);
        missing.replaceAll((key, declaration) -> declaration.withOptionsOf(declared.get(key)));
        Declarations.checkKept(place, declared, missing, errors);
        missing.entrySet().removeIf(one -> one.getValue().leaves(declared.get(one.getKey())));
        return missing;
    }

    private static Map<String, Declaration> added(
            Handle handle, String key, Map<String, @Nullable Object> attributes, @Nullable String name) {
        var errors = new ArrayList<ProblemError>();
        name(name, errors);
        var added = read(handle, "/attributes", key, attributes, errors);
        Declarations.checkKept("/attributes", ProfileTypes.declared(handle, key), added, errors);
        refuse(errors);
        return added;
    }

    /** Those that are not declared yet. */
    private static Map<String, Declaration> fresh(Handle handle, String key, Map<String, Declaration> added) {
        var fresh = new LinkedHashMap<>(added);
        fresh.keySet().removeAll(ProfileTypes.declared(handle, key).keySet());
        return fresh;
    }

    void delete(String key, @Nullable String ifMatch, Deed deed) {
        Transactions.use(jdbi, handle -> {
            DeclarationLock.take(handle);
            var dao = handle.attach(ProfileTypeDao.class);
            var row = lock(dao, key, ifMatch);
            if (row.builtIn()) {
                throw builtIn("The profile type " + key);
            }
            var own = Stream.of(
                            dao.hasRecords(row.id()) ? Stream.of("records of it") : Stream.<String>empty(),
                            relationships(handle)
                                    .filter(relationship -> relationship.from().equals(key)
                                            || relationship.to().equals(key))
                                    .map(ProfileTypeEditor::name),
                            dao.lookups(key).stream()
                                    .filter(lookup -> !lookup.profileType().equals(key))
                                    .map(lookup -> "attribute " + lookup.key() + " of " + lookup.profileType()))
                    .flatMap(users -> users);
            refuseWhenUsed(
                    "The profile type " + key,
                    Stream.concat(own, uses.stream().flatMap(use -> use.ofType(handle, key).stream())));
            dao.removeAll(key);
            dao.delete(key);
            note(handle, deed, "deleted", key, Map.of());
        });
    }

    private void note(Handle handle, Deed deed, String action, String type, Map<String, Object> details) {
        AuditLog.note(handle, clock.instant(), deed, new AuditLog.Done(action, "profile-type", type).with(details));
    }

    /** Refuses to take a relationship away that somebody uses, or whose links lie nowhere else. */
    void refuseWhenUsed(Handle handle, Relationship relationship) {
        var links = relationship.attribute() == null && new LinkRows(handle).any(relationship);
        refuseWhenUsed(
                "The relationship " + relationship.key(),
                Stream.concat(
                        links ? Stream.of("links of it") : Stream.empty(),
                        uses.stream().flatMap(use -> use.ofRelationship(handle, relationship.key()).stream())));
    }

    static Problem builtIn(String what) {
        return new Problem(ProblemType.WRONG_STATE, what + " is built in and cannot be removed");
    }

    private void remove(Handle handle, String type, Collection<String> attributes) {
        var dao = handle.attach(ProfileTypeDao.class);
        var declared = dao.attributes(type);
        for (var key : attributes) {
            for (var attribute : declared) {
                if (attribute.key().equals(key)) {
                    remove(handle, attribute);
                }
            }
        }
    }

    private void remove(Handle handle, ProfileTypeDao.Attribute attribute) {
        var dao = handle.attach(ProfileTypeDao.class);
        var type = attribute.profileType();
        var key = attribute.key();
        var what = "The attribute " + key + " of " + type;
        if (attribute.builtIn()) {
            throw builtIn(what);
        }
        var own = Stream.concat(
                dao.hasValues(type, key) ? Stream.of("records that have a value") : Stream.empty(),
                relationships(handle)
                        .filter(relationship ->
                                relationship.from().equals(type) && key.equals(relationship.attribute()))
                        .map(ProfileTypeEditor::name));
        refuseWhenUsed(
                what, Stream.concat(own, uses.stream().flatMap(use -> use.ofAttribute(handle, type, key).stream())));
        dao.remove(type, key);
    }

    private static void refuseWhenUsed(String what, Stream<String> users) {
        var names = users.distinct().sorted().toList();
        if (!names.isEmpty()) {
            throw new Problem(ProblemType.IN_USE, what + " is used by " + String.join(", ", names));
        }
    }

    private static Stream<Relationship> relationships(Handle handle) {
        return Relationships.all(handle).values().stream();
    }

    private static String name(Relationship relationship) {
        return "relationship " + relationship.key();
    }

    private static ProfileTypeDao.Type lock(ProfileTypeDao dao, String key, @Nullable String ifMatch) {
        var row = dao.lock(key).orElseThrow(() -> Problem.notFound("profile type", key));
        Versions.heed(ifMatch, row.version());
        return row;
    }

    private static Map<String, Declaration> read(
            Handle handle,
            String pointer,
            String type,
            Map<String, ? extends @Nullable Object> attributes,
            List<ProblemError> errors) {
        var reserved = new HashSet<>(BuiltInAttributes.of(type).keySet());
        reserved.addAll(ALSO_RESERVED);
        if (type.equals(ProfileTypes.CONTACT)) {
            reserved.addAll(ALSO_RESERVED_FOR_CONTACTS);
        }
        var types = new HashSet<>(ProfileTypes.all(handle).keySet());
        types.add(type);
        return Declarations.read(pointer, attributes, reserved, types, errors);
    }

    private static void put(ProfileTypeDao dao, String type, Map<String, Declaration> attributes) {
        attributes.forEach((key, declaration) -> dao.put(
                type,
                key,
                declaration.type().word(),
                declaration.options().isEmpty() ? null : declaration.options(),
                declaration.lookup()));
    }

    private static @Nullable String name(@Nullable String name, List<ProblemError> errors) {
        try {
            return name == null ? null : Values.text(name.strip(), LONGEST_NAME);
        } catch (Unfit unfit) {
            errors.add(ProblemError.at("/name", unfit.code(), unfit.detail()));
            return null;
        }
    }

    private static void refuse(List<ProblemError> errors) {
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
    }
}
