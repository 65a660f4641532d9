package sojourn.app.journeys;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.journeys.Milestones.Kind;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;
import sojourn.app.segments.NamedRecords;
import sojourn.app.segments.SegmentParts;
import sojourn.app.segments.language.NamedRecord;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Tile;

/** Changes journeys and takes them live and out of life; each change is one transaction under the journey's lock. */
final class JourneyLifecycle {

    static final JourneyState[] CHANGEABLE = {
        JourneyState.draft,
        JourneyState.goingLive,
        JourneyState.live,
        JourneyState.paused,
        JourneyState.stopped,
        JourneyState.completed,
        JourneyState.error
    };

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final JourneyCheck check;
    private final ZoneId organizationZone;
    private final Conditions conditions;
    private final NamedRecords named;
    private final SystemSegments systemSegments;
    private final JourneyIterations iterations;

    JourneyLifecycle(
            Jdbi jdbi,
            InstantSource clock,
            JourneyCheck check,
            Conditions conditions,
            NamedRecords named,
            JourneyIterations iterations) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.check = check;
        this.organizationZone = check.organizationZone();
        this.conditions = conditions;
        this.named = named;
        this.iterations = iterations;
        this.systemSegments = new SystemSegments(conditions);
    }

    /** Those that count towards the quota of segments. */
    SystemSegments systemSegments() {
        return systemSegments;
    }

    Journey create(NewJourney wanted, Deed deed) {
        wanted.refuseReserved();
        return Transactions.in(jdbi, handle -> {
            var journeys = handle.attach(JourneyDao.class);
            var now = now();
            var id = journeys.add(wanted.key(), wanted.document(), now, deed.by())
                    .orElseThrow(() -> new Problem(
                            ProblemType.KEY_TAKEN, "There is a journey '" + wanted.key() + "'; choose another key"));
            var journey = journeys.get(id);
            Milestones.note(handle, journey, Kind.created, null, deed, now);
            return journey;
        });
    }

    /** Writes the draft: of a journey that is live, the edit beside the live version. */
    Journey change(String key, JourneyDocument document, @Nullable String ifMatch, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            var journey = lock(handle, key);
            Versions.require(ifMatch, journey.revision());
            requireState(journey, "changed", CHANGEABLE);
            var now = now();
            handle.attach(JourneyDao.class).saveDraft(journey.number(), document, now, deed.by());
            Milestones.note(handle, journey, Kind.edited, journey.version(), deed, now);
            return handle.attach(JourneyDao.class).get(journey.number());
        });
    }

    void delete(String key, @Nullable String ifMatch, Deed deed) {
        Transactions.use(jdbi, handle -> {
            var journey = lock(handle, key);
            Versions.heed(ifMatch, journey.revision());
            if (journey.version() != null) {
                throw new Problem(
                        ProblemType.WRONG_STATE,
                        "'" + journey.key() + "' was live, and its runs are on record; stop it instead");
            }
            handle.attach(JourneyDao.class).delete(journey.number());
            AuditLog.note(handle, now(), deed, new AuditLog.Done("deleted", Milestones.JOURNEY, journey.key()));
        });
    }

    List<DocumentProblem> check(Handle handle, Journey journey) {
        return check.check(journey.next(), JourneyCheck.Names.read(handle), now());
    }

    /**
     * Publishes the draft as the next version. It is live when this commits; who is in the audience already is let in
     * afterwards, page by page. A paused journey stays paused, and is resumed with it.
     *
     * @param inFlight what becomes of contacts on older versions
     */
    Journey goLive(String key, InFlight inFlight, @Nullable String ifMatch, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            // What conditions name stays declared until this version is there to say that it needs it.
            // No segment that the check finds live is stopped meanwhile.
            ProfileTypes.held(handle);
            SegmentParts.hold(handle);
            var journey = lock(handle, key);
            Versions.heed(ifMatch, journey.revision());
            var isLive = journey.state() == JourneyState.live || journey.state() == JourneyState.goingLive;
            if (isLive && journey.draft() == null) {
                return journey;
            }
            requireState(journey, "made live", CHANGEABLE);
            var journeys = handle.attach(JourneyDao.class);
            var isPaused = journey.state() == JourneyState.paused;
            if (isPaused && (journey.draft() == null || journeys.resuming(journey.number()))) {
                throw new Problem(
                        ProblemType.WRONG_STATE,
                        "'" + journey.key() + "' is paused"
                                + (journey.draft() == null
                                        ? "; resume it"
                                        : " and being resumed; wait until it is live"));
            }
            journeys.holdMessages(journey.next().messages());
            refuse(errors(check(handle, journey)));
            if (inFlight.moves()) {
                refuse(Impact.problems(handle, journey.number(), journey.next(), inFlight.tiles()));
            }
            systemSegments.require(
                    handle,
                    journey.next(),
                    isPaused || journey.state() == JourneyState.live ? journey.document() : null);
            var version = journey.version() == null ? 1 : journey.version() + 1;
            addVersion(handle, journey, version, deed.by());
            var zone = journey.next().zone(organizationZone);
            var now = now();
            journeys.goLive(
                    journey.number(),
                    version,
                    journey.next().startsAt(zone),
                    journey.next().endsAt(zone),
                    now,
                    deed.by());
            Milestones.note(handle, journey, Kind.live, version, deed, now);
            iterations.goLive(handle, journey, version, now);
            if (inFlight.moves()) {
                journeys.moveRuns(journey.number(), version, Columns.json(inFlight.tiles()));
            }
            name(handle, journey.key(), journey.next());
            return journeys.get(journey.number());
        });
    }

    /**
     * The start of its schedule has come: it is live, unless something that it names is not there any more. Then it is in
     * {@code error} until somebody makes it live again; who is inside goes on. Says whether it is either now.
     */
    boolean begin(Handle handle, String key, Instant now) {
        var journey = lock(handle, key);
        var names = JourneyCheck.Names.read(handle);
        if (!isDue(journey, now) || awaitsSegments(handle, journey.document(), names)) {
            return false;
        }
        var journeys = handle.attach(JourneyDao.class);
        var gone = errors(check.check(journey.document(), names, journeys.liveSince(journey.number()))).stream()
                .filter(JourneyLifecycle::isGone)
                .toList();
        if (gone.isEmpty()) {
            journeys.begin(journey.number(), now);
            Milestones.note(handle, journey.number(), Kind.started, now);
        } else {
            var cause = gone.stream().map(ProblemError::detail).limit(3).collect(Collectors.joining("; "));
            journeys.setState(journey.number(), JourneyState.error, cause, now, Deed.ITSELF.by());
            Milestones.note(handle, journey.number(), Kind.failed, now);
        }
        return true;
    }

    private static boolean isDue(Journey journey, Instant now) {
        return journey.state() == JourneyState.goingLive
                && journey.startsAt() != null
                && !journey.startsAt().isAfter(now);
    }

    /** Whether one that it names is just being evaluated for the first time. */
    private boolean awaitsSegments(Handle handle, JourneyDocument document, JourneyCheck.Names names) {
        return segmentKeys(handle, document).stream()
                .anyMatch(segment -> "goingLive".equals(names.segmentStates().get(segment)));
    }

    /** Not everything that the check of today finds is held against a version that passed that of its day. */
    private static boolean isGone(ProblemError error) {
        return error.code().endsWith("-not-live")
                || (error.code().startsWith("unknown-") && !error.code().equals("unknown-field"));
    }

    /** Lets segments know the journeys that were live before they asked. */
    void adopt() {
        Transactions.use(
                jdbi,
                handle -> handle.attach(JourneyDao.class)
                        .unnamed()
                        .forEach(journey -> name(handle, journey.key(), journey.document())));
    }

    private void name(Handle handle, String key, JourneyDocument document) {
        var values = new HashMap<String, @Nullable Object>();
        values.put("name", document.name());
        values.put("purpose", document.purposeOrDefault());
        values.put("tags", document.allTags());
        named.put(handle, NamedRecord.JOURNEY, key, values);
    }

    private static List<ProblemError> errors(List<DocumentProblem> problems) {
        return problems.stream()
                .filter(problem -> problem.severity() == DocumentProblem.Severity.error)
                .map(DocumentProblem::asError)
                .toList();
    }

    private static void refuse(List<ProblemError> errors) {
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
    }

    private void addVersion(Handle handle, Journey journey, int version, String by) {
        var document = journey.next();
        var listens = document.exitInteractions().stream()
                .map(JourneyDocument.Fact::type)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        var goal = document.goal() == null || document.goal().interaction() == null
                ? null
                : document.goal().interaction().type();
        var segments = handle.createQuery("select id from segment where key = any(:keys)")
                .bindArray("keys", String.class, segmentKeys(handle, document))
                .mapTo(Integer.class)
                .list();
        handle.attach(JourneyDao.class)
                .addVersion(
                        journey.number(),
                        version,
                        document,
                        listens,
                        goal,
                        document.triggerType(),
                        segments,
                        now(),
                        by);
    }

    /** Every segment that the document names, in its conditions too. */
    private List<String> segmentKeys(Handle handle, JourneyDocument document) {
        var inConditions = document.allTiles().values().stream()
                .flatMap(tile -> tile instanceof Tile.AttributeBranch branch ? branch.all().stream() : Stream.empty())
                .map(Tile.Case::when)
                .filter(Objects::nonNull)
                .flatMap(condition -> conditions.segments(handle, condition, document.triggerType()).stream());
        return Stream.concat(document.segmentKeys(), inConditions).distinct().toList();
    }

    /**
     * Nobody enters and nothing is sent from here on; who waits, waits.
     *
     * @param waits whether waits go on counting meanwhile or stand still
     */
    Journey pause(String key, PausedWaits waits, @Nullable String ifMatch, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            var journey = lock(handle, key);
            Versions.heed(ifMatch, journey.revision());
            var journeys = handle.attach(JourneyDao.class);
            if (journey.state() == JourneyState.paused) {
                if (journeys.resuming(journey.number())) {
                    throw new Problem(
                            ProblemType.WRONG_STATE,
                            "'" + journey.key() + "' is being resumed; pause it again when it is live");
                }
                return journey;
            }
            requireState(journey, "paused", JourneyState.live);
            var now = now();
            journeys.pause(journey.number(), waits == PausedWaits.hold, now, deed.by());
            Milestones.note(handle, journey, Kind.paused, journey.version(), deed, now);
            return journeys.get(journey.number());
        });
    }

    /** Begins the end of a pause; {@link JourneyResume} does the rest. */
    Journey resume(String key, @Nullable String ifMatch, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            var journey = lock(handle, key);
            Versions.heed(ifMatch, journey.revision());
            if (journey.state() == JourneyState.live) {
                return journey;
            }
            requireState(journey, "resumed", JourneyState.paused);
            var journeys = handle.attach(JourneyDao.class);
            var now = now();
            if (journeys.resume(journey.number(), now, deed.by()) > 0) {
                Milestones.note(handle, journey, Kind.resuming, journey.version(), deed, now);
            }
            return journeys.get(journey.number());
        });
    }

    /** No more entries from here on; what runs is ended by the job that the caller submits. */
    Journey beginStop(String key, @Nullable String ifMatch, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            var journey = lock(handle, key);
            Versions.heed(ifMatch, journey.revision());
            if (journey.state() == JourneyState.stopped || journey.state() == JourneyState.stopping) {
                return journey;
            }
            requireState(
                    journey,
                    "stopped",
                    JourneyState.goingLive,
                    JourneyState.live,
                    JourneyState.paused,
                    JourneyState.error);
            var journeys = handle.attach(JourneyDao.class);
            var now = now();
            journeys.setState(journey.number(), JourneyState.stopping, null, now, deed.by());
            Milestones.note(handle, journey, Kind.stopping, journey.version(), deed, now);
            return journeys.get(journey.number());
        });
    }

    static Journey lock(Handle handle, String key) {
        var journeys = handle.attach(JourneyDao.class);
        return journeys.lock(key).map(journeys::get).orElseThrow(() -> Problem.notFound("journey", key));
    }

    static void requireState(Journey journey, String verb, JourneyState... fitting) {
        if (!List.of(fitting).contains(journey.state())) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "'" + journey.key() + "' is " + journey.state() + " and cannot be " + verb + " now");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
