package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.InteractionTypes;
import sojourn.app.platform.ImportConflicts;
import sojourn.app.platform.ImportedPart;
import sojourn.app.platform.ImportedPart.Outcome;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.segments.NewSegment;
import sojourn.app.segments.SegmentParts;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.StartJourney;

/** Gives journeys out with everything that they name, and takes them in: all of it, or nothing. */
final class JourneyBundles {

    private static final int MOST_PARTS = 1000;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final BundleParts parts;
    private final BundleDeclarations declarations;

    JourneyBundles(Jdbi jdbi, InstantSource clock, BundleParts parts, BundleDeclarations declarations) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.parts = parts;
        this.declarations = declarations;
    }

    /** As it is live; as a draft where it never was. */
    JourneyBundle export(String key) {
        return Transactions.in(jdbi, handle -> {
            var journeys = journeys(handle, key);
            var documents = journeys.stream().map(NewJourney::document).toList();
            var named = documents.stream()
                    .flatMap(document -> Stream.concat(
                            document.segmentKeys(),
                            conditions(document).flatMap(text -> SegmentParts.named(text).stream())))
                    .distinct()
                    .toList();
            var segments = parts.segments().export(handle, named);
            var messages = parts.messages()
                    .export(
                            handle,
                            documents.stream()
                                    .flatMap(document -> document.messages().stream())
                                    .toList());
            return new JourneyBundle(
                    journeys, segments, messages, declarations.of(handle, documents, segments, messages));
        });
    }

    /** The journey and, behind it, those that it starts and that there are. */
    private static List<NewJourney> journeys(Handle handle, String key) {
        var dao = handle.attach(JourneyDao.class);
        var first = dao.idOf(key).map(dao::get).orElseThrow(() -> Problem.notFound("journey", key));
        var found = new LinkedHashMap<String, NewJourney>();
        var next = new ArrayList<>(List.of(first));
        while (!next.isEmpty()) {
            var journey = next.removeFirst();
            if (found.putIfAbsent(journey.key(), new NewJourney(journey.key(), journey.document())) == null) {
                started(journey.document())
                        .flatMap(other -> dao.idOf(other).stream())
                        .map(dao::get)
                        .forEach(next::add);
            }
        }
        return List.copyOf(found.values());
    }

    private static Stream<String> started(JourneyDocument document) {
        return document.allTiles().values().stream()
                .flatMap(tile ->
                        tile instanceof StartJourney start ? Stream.ofNullable(start.journey()) : Stream.empty());
    }

    /** As written. */
    private static Stream<String> conditions(JourneyDocument document) {
        return UsedDeclarations.written(document)
                .map(UsedDeclarations.Written::condition)
                .flatMap(Stream::ofNullable);
    }

    /**
     * What became of a bundle.
     *
     * @param journey the key that the first journey has here
     * @param declared what was not declared before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Imported(
            String journey,
            List<ImportedPart> journeys,
            List<ImportedPart> segments,
            List<ImportedPart> messages,
            List<String> declared) {

        /** Whether the journey was made just now. */
        boolean isNew() {
            return journeys.getFirst().outcome() == Outcome.created;
        }
    }

    /**
     * Makes drafts of everything in the bundle; what is there already and the same stays. Everything that is wrong is said at
     * once, and then nothing is made.
     *
     * @param key for the first journey, its own when null
     */
    Imported take(JourneyBundle bundle, @Nullable String key, ImportConflicts conflicts, Caller caller) {
        var count = bundle.journeys().size()
                + bundle.allSegments().size()
                + bundle.allMessages().size();
        if (count > MOST_PARTS) {
            throw Problem.invalid(
                    "", "too-many", "At most " + MOST_PARTS + " journeys, segments and messages would fit");
        }
        var imported = Transactions.in(jdbi, handle -> new Taking(handle, bundle, conflicts, caller).take(key));
        parts.changes().kick();
        return imported;
    }

    private final class Taking {

        private final Handle handle;
        private final JourneyBundle bundle;
        private final ImportConflicts conflicts;
        private final Caller caller;
        private final Deed deed;
        private final BundleNames names = new BundleNames();
        private final List<ProblemError> errors = new ArrayList<>();

        private Taking(Handle handle, JourneyBundle bundle, ImportConflicts conflicts, Caller caller) {
            this.handle = handle;
            this.bundle = bundle;
            this.conflicts = conflicts;
            this.caller = caller;
            this.deed = Deed.of(caller, "imported");
        }

        private Imported take(@Nullable String key) {
            var declared = declare();
            refuseTwins("/segments", bundle.allSegments(), segment -> String.valueOf(segment.key()));
            refuseTwins("/messages", bundle.allMessages(), message -> String.valueOf(message.key()));
            refuseTwins("/journeys", bundle.journeys(), NewJourney::key);
            var segments = segments();
            var messages = new ArrayList<ImportedPart>();
            for (var index = 0; index < bundle.allMessages().size(); index++) {
                var message = bundle.allMessages().get(index);
                attempt("/messages/" + index, () -> {
                    var part = parts.messages().put(handle, message, conflicts, deed);
                    names.message(part);
                    messages.add(part);
                });
            }
            var journeys = journeys(key);
            findInTexts();
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
            return new Imported(journeys.getFirst().here(), journeys, segments, messages, declared);
        }

        private List<String> declare() {
            var wanted = bundle.allDeclarations();
            var declared = new ArrayList<String>();
            attempt(
                    "/declarations/attributes",
                    () -> declared.addAll(parts.attributes()
                            .declare(handle, "/declarations/attributes", wanted.allAttributes(), errors, deed)));
            declared.addAll(InteractionTypes.declareMissing(
                    handle, "/declarations/interactionTypes", wanted.allInteractionTypes(), errors, deed, now()));
            return declared;
        }

        private <T> void refuseTwins(String pointer, List<T> some, Function<T, String> key) {
            var seen = new HashSet<String>();
            for (var index = 0; index < some.size(); index++) {
                if (!seen.add(key.apply(some.get(index)))) {
                    errors.add(ProblemError.at(
                            pointer + "/" + index + "/key", "duplicate", "This key stands in the bundle twice"));
                }
            }
        }

        private List<ImportedPart> segments() {
            SegmentParts.hold(handle);
            var keys = new HashSet<String>();
            bundle.allSegments().stream()
                    .map(NewSegment::key)
                    .filter(Objects::nonNull)
                    .forEach(keys::add);
            var taken = new LinkedHashMap<Integer, ImportedPart>();
            for (var segment : SegmentParts.sorted(bundle.allSegments())) {
                var index = bundle.allSegments().indexOf(segment);
                attempt("/segments/" + index, () -> {
                    var here = segment.with(segment.key(), names.query(segment.query()));
                    var part = parts.segments().put(handle, here, keys, conflicts, caller);
                    names.segment(part);
                    taken.put(index, part);
                });
            }
            return List.copyOf(taken.values());
        }

        /** Those that are started come first, so that whoever starts them knows their keys here. */
        private List<ImportedPart> journeys(@Nullable String key) {
            var first = bundle.journeys().getFirst();
            names.journey(first.key(), key == null ? first.key() : key);
            var taken = new ImportedPart[bundle.journeys().size()];
            for (var index = bundle.journeys().size() - 1; index >= 0; index--) {
                var at = index;
                var sent = bundle.journeys().get(index);
                taken[index] = ImportedPart.of(sent.key(), Outcome.kept);
                attempt("/journeys/" + index, () -> {
                    var wanted = new NewJourney(at == 0 && key != null ? key : sent.key(), sent.document());
                    wanted.refuseReserved();
                    taken[at] = put(wanted.key(), names.document(sent.document()), conflicts)
                            .sentAs(sent.key());
                    names.journey(sent.key(), taken[at].here());
                });
            }
            for (var index = 0; errors.isEmpty() && index < taken.length; index++) {
                nameAgain(index, taken[index]);
            }
            return List.of(taken);
        }

        private ImportedPart put(String key, JourneyDocument document, ImportConflicts whenOther) {
            var dao = handle.attach(JourneyDao.class);
            var at = now();
            var added = dao.add(key, document, at, deed.by());
            if (added.isPresent()) {
                Milestones.note(handle, dao.get(added.get()), Milestones.Kind.created, null, deed, at);
                return ImportedPart.of(key, Outcome.created);
            }
            var journey = JourneyLifecycle.lock(handle, key);
            if (isSame(journey, document)) {
                return ImportedPart.of(key, Outcome.kept);
            }
            return switch (whenOther) {
                case refuse -> throw ImportedPart.differs("journey", key);
                case replace -> {
                    JourneyLifecycle.requireState(journey, "changed", JourneyLifecycle.CHANGEABLE);
                    dao.saveDraft(journey.number(), document, at, deed.by());
                    Milestones.note(handle, journey, Milestones.Kind.edited, journey.version(), deed, at);
                    yield ImportedPart.of(key, Outcome.replaced);
                }
                case rename ->
                    put(
                                    ImportedPart.otherKey(
                                            key,
                                            free -> dao.idOf(free)
                                                    .map(there -> isSame(dao.get(there), document))
                                                    .orElse(true)),
                                    document,
                                    ImportConflicts.refuse)
                            .sentAs(key);
            };
        }

        /** A journey that starts one before it in the bundle was made before that one's key here was known. */
        private void nameAgain(int index, ImportedPart part) {
            var sent = bundle.journeys().get(index).document();
            if (part.outcome() == Outcome.created) {
                var dao = handle.attach(JourneyDao.class);
                var made = dao.get(dao.idOf(part.here()).orElseThrow());
                var named = names.document(sent);
                if (!named.equals(made.document())) {
                    dao.saveDraft(made.number(), named, now(), caller.name());
                }
            }
        }

        private Instant now() {
            return clock.instant().truncatedTo(ChronoUnit.MICROS);
        }

        private void findInTexts() {
            for (var index = 0; index < bundle.allSegments().size(); index++) {
                var query = bundle.allSegments().get(index).query();
                names.findInTexts("/segments/" + index + "/query", Stream.ofNullable(query), errors);
            }
            for (var index = 0; index < bundle.journeys().size(); index++) {
                var document = bundle.journeys().get(index).document();
                names.findInTexts("/journeys/" + index + "/document", conditions(document), errors);
            }
        }

        private void attempt(String pointer, Runnable step) {
            try {
                step.run();
            } catch (Problem refused) {
                if (refused.errors().isEmpty()) {
                    errors.add(ProblemError.at(pointer, refused.type().slug(), String.valueOf(refused.getMessage())));
                }
                refused.errors()
                        .forEach(error -> errors.add(new ProblemError(
                                pointer + String.valueOf(error.pointer()),
                                error.code(),
                                error.detail(),
                                error.line(),
                                error.column())));
            }
        }
    }

    /** By what is live, or by what the next go live would publish. */
    private static boolean isSame(Journey journey, JourneyDocument document) {
        return document.equals(journey.document()) || document.equals(journey.next());
    }
}
