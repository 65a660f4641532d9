package sojourn.app.segments;

import com.codahale.metrics.CachedGauge;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Temporal;
import sojourn.workflows.segments.SegmentEvaluationImpl;

/** The door of segments. */
public final class SegmentsFeature {

    private static final Duration QUEUE_INTERVAL = Duration.ofMillis(250);

    /** Under load changes are taken together; a lone one is taken at once. */
    private static final Duration REST = Duration.ofMillis(50);

    private static final Duration CLOCK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration STARTER_INTERVAL = Duration.ofSeconds(2);

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final Changes changes;
    private final InstantSource clock;
    private final EvaluationSettings settings;
    private final Vocabulary vocabulary;
    private final References references = new References();
    private final SegmentLifecycle lifecycle;
    private final MembershipChanges membershipChanges = new MembershipChanges();
    private final StaticMembers staticMembers;

    public SegmentsFeature(
            Jdbi jdbi, Contacts contacts, Changes changes, EvaluationSettings settings, InstantSource clock) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.changes = changes;
        this.clock = clock;
        this.settings = settings;
        this.vocabulary = new Vocabulary(jdbi);
        this.lifecycle = new SegmentLifecycle(jdbi, vocabulary, references, clock);
        this.staticMembers = new StaticMembers(jdbi, contacts, changes, membershipChanges, clock);
    }

    public Segments segments() {
        return new Segments();
    }

    public Memberships memberships() {
        return new Memberships();
    }

    public MembershipChanges membershipChanges() {
        return membershipChanges;
    }

    public StaticMembers staticMembers() {
        return staticMembers;
    }

    public ContactStates contactStates() {
        return new ContactStates(vocabulary);
    }

    public ContactConditions contactConditions() {
        return new ContactConditions(contactStates(), clock);
    }

    /** Segments that other features make out of what they know. */
    public SegmentMaker maker() {
        var editor = new SegmentEditor(jdbi, vocabulary, references, settings.timeZone(), clock);
        return new SegmentMaker(jdbi, editor, staticMembers);
    }

    /** Lets a later feature say which of its records use a segment. */
    public void usedBy(SegmentUse use) {
        references.usedBy(use);
    }

    /** Registers endpoints, loops and what runs on Temporal; before the application starts. */
    public void register(Environment environment, Temporal temporal) {
        var metrics = environment.metrics();
        var editor = new SegmentEditor(jdbi, vocabulary, references, settings.timeZone(), clock);
        var evaluation = new FullEvaluation(jdbi, vocabulary, changes, membershipChanges, clock, settings, metrics);
        temporal.onQueue(Temporal.SEGMENTS, worker -> {
            worker.registerWorkflowImplementationTypes(SegmentEvaluationImpl.class);
            worker.registerActivitiesImplementations(new EvaluatingSegmentActivities(jdbi, evaluation));
        });
        var starter = new EvaluationStarter(jdbi, temporal.client(), clock);
        var starting = new Loop("segment-workflows", STARTER_INTERVAL, starter::run);
        environment.lifecycle().manage(starting);
        environment.jersey().register(new SegmentsResource(jdbi, vocabulary, editor, lifecycle, segment -> {
            starter.changed(segment);
            starting.kick();
        }));
        registerReadings(environment.jersey());
        keepFresh(environment);
    }

    /** What one can see of segments, without changing anything. */
    private void registerReadings(JerseyEnvironment jersey) {
        var questions = new Questions(
                jdbi, vocabulary, clock, settings.estimateTimeLimit().toJavaDuration());
        var states = contactStates();
        jersey.register(new SegmentQuestionsResource(
                jdbi,
                vocabulary,
                settings.timeZone(),
                questions,
                new Previews(questions, states),
                new Explanations(questions, contacts, states)));
        jersey.register(new SegmentMembersResource(jdbi, vocabulary, states, contacts, staticMembers, clock));
        jersey.register(new SegmentInsightsResource(questions, clock));
        jersey.register(new SegmentRelationsResource(jdbi, vocabulary, references));
        jersey.register(new ContactSegmentsResource(jdbi, contacts));
    }

    private void keepFresh(Environment environment) {
        var metrics = environment.metrics();
        for (var number = 1; number <= settings.loops(); number++) {
            var incremental =
                    new IncrementalEvaluation(jdbi, vocabulary, contactStates(), membershipChanges, clock, metrics);
            var loop = new Loop("segment-changes-" + number, QUEUE_INTERVAL, incremental::run).resting(REST);
            changes.onKick(loop::kick);
            environment.lifecycle().manage(loop);
        }
        if (settings.loops() > 0) {
            var pass = new ClockPass(jdbi, vocabulary, changes, clock);
            environment.lifecycle().manage(new Loop("segment-clock", CLOCK_INTERVAL, pass::run));
        }
        metrics.gauge("segments.lag.seconds", () -> new CachedGauge<Double>(5, TimeUnit.SECONDS) {
            @Override
            protected Double loadValue() {
                return ChangeBatch.lagSeconds(jdbi);
            }
        });
    }
}
