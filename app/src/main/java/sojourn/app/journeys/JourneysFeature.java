package sojourn.app.journeys;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.contacts.Merges;
import sojourn.app.contacts.ProfileTypeUse;
import sojourn.app.delivery.Passages;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.messages.MessageUse;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Temporal;
import sojourn.app.platform.Transactions;
import sojourn.app.segments.ContactConditions;
import sojourn.app.segments.MembershipChanges;
import sojourn.app.segments.NamedRecords;
import sojourn.app.segments.SegmentQuota;
import sojourn.app.segments.SegmentUse;
import sojourn.workflows.journeys.JourneyRunImpl;

/** The door of journeys: makes them work, offers {@link Passages} to deliveries. */
public final class JourneysFeature {

    private static final Duration POLL = Duration.ofMillis(500);

    /** Long enough to answer a burst of changes together, short beside a step of a run; a lone change is answered at once. */
    private static final Duration REST = Duration.ofMillis(25);

    private static final Duration LOOK_AT_SCHEDULE = Duration.ofSeconds(1);

    private static final Duration LOOK_FOR_LOST = Duration.ofSeconds(10);

    private static final Duration LOOK_AT_TESTS = Duration.ofSeconds(1);

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Temporal temporal;
    private final RunAdvance advance;
    private final Interventions interventions;
    private final Changes changes;
    private final RunReading reading;
    private final JourneyStopJob stopJob;
    private final Jobs jobs;
    private final ManyRuns many;
    private final Loop starter;
    private final Loop signals;
    private final Loop matcher;
    private final Loop intake;
    private final Loop members;
    private final Loop stopper;
    private final Loop resumer;
    private final Loop scheduler;
    private final Loop mover;
    private final Loop missed;
    private final Loop lost;
    private final Loop line;
    private final Loop earlier;
    private final AbTestDecisions tests;
    private final Loop testing;
    private final JourneyLifecycle lifecycle;
    private final EntryByHand entry;
    private final WhyReading why;
    private final Conditions conditions;

    /** @param zone in which journeys count that name none */
    public JourneysFeature(
            Jdbi jdbi,
            InstantSource clock,
            ZoneId zone,
            Temporal temporal,
            Jobs jobs,
            Contacts contacts,
            Changes changes,
            OwnInteractions interactions,
            MembershipChanges memberships,
            NamedRecords named,
            Conditions conditions,
            SendingCheck sending,
            Abilities abilities) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.temporal = temporal;
        this.changes = changes;
        var versions = new LiveVersions(zone);
        this.conditions = conditions;
        var enrolment = new Enrolment(interactions, versions);
        var triggers = new EntryByTrigger(versions, conditions, enrolment, clock);
        var effects = new TileEffects(abilities, versions, enrolment);
        var seeing = new Seeing(conditions, new ContactConditions(jdbi, clock));
        var steps = new RunSteps(clock, versions, interactions, conditions, conditions, effects, seeing);
        advance = new RunAdvance(jdbi, versions, steps, changes);
        interventions = new Interventions(clock, versions, steps);
        reading = new RunReading(jdbi, contacts, temporal);
        why = new WhyReading(clock, contacts, versions, triggers, reading);
        var stop = new JourneyStop(jdbi, clock, steps);
        stopJob = new JourneyStopJob(jdbi, jobs);
        jobs.register(stopJob);
        var iterations = new JourneyIterations(jdbi, versions, steps);
        lifecycle = new JourneyLifecycle(
                jdbi, clock, new JourneyCheck(conditions, zone, sending), conditions, named, iterations);

        var start = new RunStarter(jdbi, clock, temporal, new RunSearchAttributes(temporal));
        starter = new Loop("run-start", POLL, start::startSome).resting(REST);
        signals = new Loop("run-signals", POLL, new SignalDispatch(jdbi, clock, temporal)::sendSome).resting(REST);
        var waiting = new EntryLine(jdbi, clock, versions, enrolment);
        line = new Loop("run-line", POLL, () -> kicking(waiting.letInSome(), List.of(starter), changes)).resting(REST);
        var matching = new ChangeMatcher(jdbi, steps, triggers);
        matcher = new Loop("run-changes", POLL, () -> {
                    var taken = matching.takeSome();
                    if (taken.signalled()) {
                        signals.kick();
                    }
                    kicking(taken.wrote(), List.of(starter, line), changes);
                    return taken.more();
                })
                .resting(REST);
        var taking = new MembershipIntake(jdbi, versions, enrolment);
        intake = new Loop("run-memberships", POLL, () -> {
            var taken = taking.takeSome();
            kicking(taken.concerned() > 0, List.of(starter, signals, line), changes);
            return taken.any();
        });
        var paging = new EntryOfMembers(jdbi, clock, versions, enrolment);
        members = new Loop("run-members", POLL, () -> kicking(paging.enterPage(), List.of(starter, line), changes));
        stopper = new Loop("journey-stop", POLL, () -> kicking(stop.endSomeOfAny(), List.of(signals), changes));
        missed = new Loop(
                "run-missed",
                POLL,
                () -> kicking(Transactions.in(jdbi, triggers::enterMissed), List.of(starter, line), changes));
        var resuming = new JourneyResume(jdbi, clock, iterations);
        resumer = new Loop(
                "journey-resume",
                POLL,
                () -> kicking(resuming.resumeSomeOfAny(), List.of(signals, members, missed, line), changes));
        var moving = new VersionMove(jdbi, versions, steps);
        mover = new Loop("run-versions", POLL, () -> kicking(moving.moveSomeOfAny(), List.of(signals), changes));
        earlier = new Loop(
                "journey-iterations", POLL, () -> kicking(iterations.endSomeOfAny(), List.of(signals), changes));
        var schedule = new JourneySchedule(jdbi, clock, lifecycle, iterations);
        scheduler = new Loop("journey-schedule", LOOK_AT_SCHEDULE, () -> {
            kicking(schedule.look(), List.of(members, stopper, earlier), changes);
            return false;
        });
        var losing = new LostWorkflows(jdbi, clock, temporal);
        lost = new Loop("run-lost", LOOK_FOR_LOST, () -> {
            kicking(losing.look(), List.of(starter), changes);
            return false;
        });
        jobs.register(new ListEntryJob(jdbi, clock, contacts, versions, enrolment, List.of(starter, line)));
        for (var action : Interventions.Action.values()) {
            jobs.register(new RunsJob(action, jdbi, interventions, List.of(signals, starter), changes));
        }
        many = new ManyRuns(jdbi, clock, contacts, versions, jobs);
        this.jobs = jobs;
        tests = new AbTestDecisions(jdbi, clock, versions);
        testing = new Loop("ab-tests", LOOK_AT_TESTS, tests::lookAtOne);
        entry = new EntryByHand(jdbi, clock, contacts, versions, enrolment, starter);

        changes.onKick(matcher::kick);
        effects.onKick(starter::kick);
        memberships.onKick(intake::kick);
    }

    /** Says what to do next to those who come after, when something was done. */
    private static boolean kicking(boolean did, List<Loop> next, Changes changes) {
        if (did) {
            next.forEach(Loop::kick);
            changes.kick();
        }
        return did;
    }

    /** Says which journeys use a segment. */
    public SegmentUse segmentUse() {
        return (handle, segment) -> JourneyUse.ofSegment(handle, segment, conditions);
    }

    /** Has the system segments of journeys take places of the quota, and journeys refused for which none are left. */
    public void countTowards(SegmentQuota quota) {
        lifecycle.systemSegments().countTowards(quota);
    }

    /** Says which journeys need what is declared about records. */
    public ProfileTypeUse declarationUse() {
        return new UsedDeclarations(conditions);
    }

    /** Says which journeys send a message. */
    public MessageUse messageUse() {
        return JourneyUse::ofMessage;
    }

    /** What a merged contact leaves behind in journeys. */
    public Merges.Step merge() {
        return new EntryMerge();
    }

    /** What an erased contact leaves behind in runs. */
    public Erasure.Step erasure() {
        return new RunErasure();
    }

    public Passages passages() {
        return advance;
    }

    /**
     * Puts the endpoints and loops into the application.
     *
     * @param parts what comes and goes with journeys
     */
    public void register(Environment environment, BundleParts parts) {
        var bundles = new JourneyBundles(jdbi, clock, parts, new BundleDeclarations(parts.segments(), conditions));
        var jersey = environment.jersey();
        jersey.register(new JourneysResource(jdbi, lifecycle, entry, reading, stopJob));
        jersey.register(new ListEntryResource(jdbi, jobs));
        jersey.register(new JourneyPauseResource(lifecycle, resumer));
        jersey.register(new RunInterventionsResource(jdbi, interventions, reading, List.of(signals, starter), changes));
        jersey.register(new JourneySchemaResource());
        jersey.register(new JourneyVersionsResource(jdbi));
        jersey.register(new JourneyCopyResource(jdbi, lifecycle));
        jersey.register(new JourneyBundleResource(bundles));
        jersey.register(new JourneyTemplatesResource(bundles));
        jersey.register(new WhyResource(jdbi, why));
        jersey.register(new AbTestResource(tests));
        jersey.register(new RunsResource(reading));
        jersey.register(new ContactRunsResource(reading));
        jersey.register(new JourneyRunsResource(jdbi, reading, many, jobs));
        jersey.register(new MilestonesResource(jdbi));
        temporal.onQueue(Temporal.JOURNEYS, worker -> {
            worker.registerWorkflowImplementationTypes(JourneyRunImpl.class);
            worker.registerActivitiesImplementations(advance, new Calls(advance, temporal.client()));
        });
        environment.lifecycle().manage(new Managed() {
            @Override
            public void start() {
                lifecycle.adopt();
            }
        });
        for (var loop : List.of(
                starter, signals, matcher, intake, members, missed, line, resumer, mover, scheduler, earlier, stopper,
                lost, testing)) {
            environment.lifecycle().manage(loop);
        }
    }
}
