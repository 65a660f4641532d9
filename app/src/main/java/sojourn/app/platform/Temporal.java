package sojourn.app.platform;

import io.dropwizard.lifecycle.Managed;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to Temporal: a client for everyone, and this process's workers. Features say before the start what
 * runs on which task queue. An unreachable Temporal keeps nothing from starting: workers are started when it answers.
 */
public final class Temporal implements Managed {

    /** Task queue of workflow tasks and local activities of journeys. */
    public static final String JOURNEYS = "journeys";

    /** Task queue of segment evaluation. */
    public static final String SEGMENTS = "segments";

    /** Task queue of the activities that send over one channel. */
    public static String channel(String name) {
        return "channel-" + name;
    }

    /** Our workflows compute nothing; one that does not get on within the SDK's second has a busy machine. */
    private static final long STUCK_MILLIS = 10_000;

    /** At most so long a heartbeat is kept back; by default it would be most of the time that there is for it. */
    private static final Duration HEARTBEAT_DELAY = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Temporal.class);

    private final WorkflowClient client;
    private final @Nullable String uiUrl;
    private final boolean withWorkers;
    private final Duration drainTime;
    private final WorkSettings work;
    private final Map<String, Consumer<Worker>> registrations = new LinkedHashMap<>();
    private final Map<String, WorkerOptions> options = new LinkedHashMap<>();
    private final Loop starter = new Loop("temporal-workers", Duration.ofSeconds(1), this::startWorkers);
    private @Nullable WorkerFactory factory;
    private volatile boolean started;

    /** With workers that do as much at once as is usual. */
    public Temporal(WorkflowClient client, @Nullable String uiUrl, boolean withWorkers, Duration drainTime) {
        this(client, uiUrl, withWorkers, drainTime, WorkSettings.USUAL);
    }

    /**
     * A client, and workers that are started later.
     *
     * @param uiUrl where a person reads workflows, e.g. {@code http://127.0.0.1:8233}; null when there is no such page
     * @param withWorkers false for a process that only answers HTTP
     * @param drainTime how long tasks that run may go on after {@link #stop}
     * @param work how much workers do at once
     */
    public Temporal(
            WorkflowClient client, @Nullable String uiUrl, boolean withWorkers, Duration drainTime, WorkSettings work) {
        this.client = client;
        this.uiUrl = uiUrl;
        this.withWorkers = withWorkers;
        this.drainTime = drainTime;
        this.work = work;
    }

    public WorkflowClient client() {
        return client;
    }

    /** Whether payloads are encrypted, which a worker may lack the key of. */
    public boolean encrypts() {
        return client.getOptions()
                .getDataConverter()
                .toPayload("")
                .filter(PayloadEncryption::isEncrypted)
                .isPresent();
    }

    /** Adds workflows and activities to a queue's worker; before {@link #start}. */
    public void onQueue(String taskQueue, Consumer<Worker> registration) {
        registrations.merge(taskQueue, registration, Consumer::andThen);
    }

    /** Options of a queue's worker, e.g. its rate limit; before {@link #start}. */
    public void configure(String taskQueue, WorkerOptions.Builder builder) {
        options.put(taskQueue, withOurs(builder));
    }

    private WorkerOptions withOurs(WorkerOptions.Builder builder) {
        return work.addTo(builder)
                .setUsingVirtualThreads(true)
                .setDefaultDeadlockDetectionTimeout(STUCK_MILLIS)
                .setMaxHeartbeatThrottleInterval(HEARTBEAT_DELAY)
                .build();
    }

    /** Whether workers poll, or none are wanted. */
    public boolean ready() {
        return started || !withWorkers;
    }

    /** The page of a workflow in the Temporal UI, when there is a UI. */
    public Optional<String> workflowUrl(String workflowId) {
        return Optional.ofNullable(uiUrl)
                .map(url -> url + "/namespaces/" + client.getOptions().getNamespace() + "/workflows/"
                        + URLEncoder.encode(workflowId, StandardCharsets.UTF_8));
    }

    @Override
    public void start() {
        if (withWorkers) {
            starter.start();
        }
    }

    /** Takes up nothing new, and lets tasks that run finish and be reported. */
    @Override
    public void stop() throws InterruptedException {
        starter.stop();
        if (factory != null) {
            factory.shutdown();
            factory.awaitTermination(drainTime.toMillis(), TimeUnit.MILLISECONDS);
        }
        client.getWorkflowServiceStubs().shutdown();
    }

    private boolean startWorkers() {
        if (started) {
            return false;
        }
        var making = WorkerFactory.newInstance(
                client,
                work.addTo(WorkerFactoryOptions.newBuilder())
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
        registrations.forEach((queue, registration) -> registration.accept(
                making.newWorker(queue, options.getOrDefault(queue, withOurs(WorkerOptions.newBuilder())))));
        making.start();
        factory = making;
        started = true;
        log.info("workers poll the task queues {}", registrations.keySet());
        return false;
    }
}
