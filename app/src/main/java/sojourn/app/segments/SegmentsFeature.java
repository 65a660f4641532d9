package sojourn.app.segments;

import com.codahale.metrics.CachedGauge;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.contacts.Merges;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Temporal;
import sojourn.app.platform.Transactions;
import sojourn.workflows.segments.SegmentEvaluationImpl;

/** The door of segments. */
public final class SegmentsFeature {

    private static final Duration QUEUE_INTERVAL = Duration.ofMillis(250);

    /** Under load changes are taken together; a lone one is taken at once. */
    private static final Duration REST = Duration.ofMillis(50);

    private static final Duration CLOCK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLEANUP_INTERVAL = Duration.ofMinutes(10);
    private static final Duration STARTER_INTERVAL = Duration.ofSeconds(2);

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final Changes changes;
    private final InstantSource clock;
    private final EvaluationSettings settings;
    private final Vocabulary vocabulary;
    private final References references = new References();
    private final Scopes scopes;
    private final SegmentUses uses = new SegmentUses();
    private final SegmentQuota quota;
    private final SegmentAnswers answers;
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
        this.scopes = new Scopes(settings.scopes());
        this.quota = new SegmentQuota(settings.quota(), vocabulary, uses);
        this.answers = new SegmentAnswers(jdbi, vocabulary);
        this.lifecycle = new SegmentLifecycle(jdbi, vocabulary, references, uses, quota, clock);
        this.staticMembers = new StaticMembers(jdbi, contacts, changes, membershipChanges, scopes, clock);
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

    /** To put single contacts into segments by, or take them out. */
    public SegmentPicks picks() {
        return new SegmentPicks(staticMembers, new Overrides(jdbi, contacts, changes, clock), clock);
    }

    /** To be told of what interactions name. */
    public NamedRecords namedRecords() {
        return new NamedRecords(jdbi, clock);
    }

    public ContactStates contactStates() {
        return new ContactStates(vocabulary);
    }

    public ContactConditions contactConditions() {
        return new ContactConditions(jdbi, clock);
    }

    /** Segments that other features make out of what they know. */
    public SegmentMaker maker() {
        return new SegmentMaker(jdbi, editor(), staticMembers, answers);
    }

    /** Segments that come and go with what other features export and import. */
    public SegmentParts parts() {
        return new SegmentParts(vocabulary, references, editor(), scopes, settings.timeZone());
    }

    private SegmentEditor editor() {
        return new SegmentEditor(jdbi, vocabulary, references, scopes, settings.timeZone(), clock);
    }

    /** Lets a later feature say which of its records use a segment. */
    public void usedBy(SegmentUse use) {
        uses.add(use);
    }

    /** How much may be evaluated all the time; later features ask it, and count. */
    public SegmentQuota quota() {
        return quota;
    }

    /** Registers endpoints, loops and what runs on Temporal; before the application starts. */
    public void register(Environment environment, Temporal temporal, Jobs jobs, ContactsFeature people) {
        var metrics = environment.metrics();
        var editor = editor();
        var evaluation =
                new FullEvaluation(jdbi, vocabulary, changes, membershipChanges, scopes, clock, settings, metrics);
        temporal.onQueue(Temporal.SEGMENTS, worker -> {
            worker.registerWorkflowImplementationTypes(SegmentEvaluationImpl.class);
            worker.registerActivitiesImplementations(new EvaluatingSegmentActivities(jdbi, lifecycle, evaluation));
        });
        var starter = new EvaluationStarter(jdbi, temporal.client(), clock);
        var starting = new Loop("segment-workflows", STARTER_INTERVAL, starter::run);
        environment.lifecycle().manage(starting);
        Consumer<String> changed = segment -> {
            starter.changed(segment);
            starting.kick();
        };
        environment
                .jersey()
                .register(new SegmentsResource(jdbi, vocabulary, editor, lifecycle, answers, changed, starting::kick));
        register(environment, people);
        people.merges().guardedBy(Locks::contacts);
        var merge = new MemberMerge(staticMembers);
        people.merges().add(merge::decisions);
        people.merges().addFollowing(merge::members);
        registerMembers(environment, jobs);
        registerReadings(environment.jersey());
        keepFresh(environment, people.merges());
    }

    /** Ways to change members of static segments that are longer than a request. */
    private void registerMembers(Environment environment, Jobs jobs) {
        var queries = new MemberQueries(
                jdbi,
                vocabulary,
                contacts,
                staticMembers,
                scopes,
                settings.timeLimit().toJavaDuration(),
                clock);
        var syncs = new MemberSyncs(jdbi, clock);
        jobs.register(new ResultMembers(jdbi, queries, staticMembers));
        var imports = new MembersImport(staticMembers);
        jobs.register(new MembersJob(MembersJob.IMPORT, imports, jdbi, contacts, staticMembers, syncs));
        var replacements = new MembersReplacement(scopes, clock);
        jobs.register(new MembersJob(MembersJob.REPLACEMENT, replacements, jdbi, contacts, staticMembers, syncs));
        environment.jersey().register(new MemberQueriesResource(jdbi, queries, jobs));
        environment.jersey().register(new MembersImportResource(jdbi, jobs));
        environment.jersey().register(new ExternalMembersResource(jdbi, jobs, syncs));
        environment.lifecycle().manage(new Loop("segment-members-cleanup", CLEANUP_INTERVAL, () -> {
            Transactions.use(jdbi, handle -> {
                MemberQueries.cleanUp(handle, clock.instant());
                MembersReplacement.cleanUp(handle);
            });
            return false;
        }));
    }

    private void register(Environment environment, ContactsFeature people) {
        var overrides = new Overrides(jdbi, contacts, changes, clock);
        people.erasure().add(overrides::erase);
        people.businessUnits().usedBy(scopes);
        people.usedBy(new UsedDeclarations(vocabulary));
        environment.jersey().register(new OverridesResource(overrides));
        environment.jersey().register(new SegmentQuotaResource(jdbi, quota));
        var templates = new SegmentTemplates(jdbi, vocabulary, editor(), clock);
        environment.jersey().register(new SegmentTemplatesResource(templates));
        environment.jersey().register(new FromTemplateResource(templates, answers));
        environment.jersey().register(new SaveAsTemplateResource(templates));
        environment
                .jersey()
                .register(new SegmentCopyResource(new SegmentCopies(jdbi, editor(), staticMembers, clock), answers));
        var texts = new SegmentTexts(jdbi, vocabulary, references, editor(), settings.timeZone(), scopes);
        environment.jersey().register(new SegmentExportResource(jdbi));
        environment.jersey().register(new SegmentImportResource(jdbi, texts, answers));
        environment.lifecycle().manage(new Managed() {
            @Override
            public void start() {
                Transactions.use(jdbi, handle -> scopes.adopt(handle, clock.instant()));
            }
        });
    }

    /** What one can see of segments, without changing anything. */
    private void registerReadings(JerseyEnvironment jersey) {
        var questions = new Questions(
                jdbi, vocabulary, scopes, clock, settings.estimateTimeLimit().toJavaDuration());
        var states = contactStates();
        jersey.register(new SegmentQuestionsResource(
                jdbi,
                vocabulary,
                settings.timeZone(),
                questions,
                new Previews(questions, states),
                new Explanations(questions, contacts, states)));
        jersey.register(
                new SegmentMembersResource(jdbi, vocabulary, states, contacts, staticMembers, questions, clock));
        jersey.register(new SegmentInsightsResource(questions, clock));
        jersey.register(new SegmentRelationsResource(jdbi, vocabulary, uses));
        jersey.register(new ContactSegmentsResource(jdbi, contacts));
    }

    private void keepFresh(Environment environment, Merges merges) {
        var metrics = environment.metrics();
        for (var number = 1; number <= settings.loops(); number++) {
            var incremental = new IncrementalEvaluation(
                    jdbi, vocabulary, contactStates(), membershipChanges, scopes, merges, clock, metrics);
            var loop = new Loop("segment-changes-" + number, QUEUE_INTERVAL, incremental::run).resting(REST);
            if (number == 1) {
                // A lone change is one loop's work. The others look by themselves, and stay awake while they find
                // something.
                changes.onKick(loop::kick);
            }
            environment.lifecycle().manage(loop);
        }
        if (settings.loops() > 0) {
            var related = new RelatedChanges(jdbi, vocabulary, changes);
            var carrying = new Loop("segment-related", QUEUE_INTERVAL, related::run).resting(REST);
            changes.onKick(carrying::kick);
            environment.lifecycle().manage(carrying);
            var compaction = new ChangeCompaction(jdbi);
            environment.lifecycle().manage(new Loop("segment-changes-joining", CLOCK_INTERVAL, compaction::run));
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
