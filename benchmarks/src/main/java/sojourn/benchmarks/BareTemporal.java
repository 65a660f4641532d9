package sojourn.benchmarks;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** A worker with the hand-written workflows, in this process, and their client. */
final class BareTemporal implements AutoCloseable {

    /** Something done for one of many workflows. */
    interface Step {
        void take(int number);
    }

    private static final String QUEUE = "bare";
    private static final int CONCURRENT = 64;

    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;
    private final WorkerFactory workers;

    BareTemporal(String address) {
        stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(address).validateAndBuildWithDefaults());
        client = WorkflowClient.newInstance(stubs);
        workers = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .setWorkflowCacheSize(4000)
                        .build());
        var worker = workers.newWorker(
                QUEUE, WorkerOptions.newBuilder().setUsingVirtualThreads(true).build());
        worker.registerWorkflowImplementationTypes(BareJourneyImpl.class, BareJourneyImpl.WaitingImpl.class);
        worker.registerActivitiesImplementations((BareActivities) (contact, message) -> {});
        workers.start();
    }

    void startJourney(String id) {
        WorkflowClient.start(client.newWorkflowStub(BareJourney.class, options(id))::run, id);
    }

    void startWaiting(String id) {
        WorkflowClient.start(client.newWorkflowStub(BareJourney.Waiting.class, options(id))::run, id);
    }

    void wake(String id) {
        client.newWorkflowStub(BareJourney.Waiting.class, id).wake();
    }

    void awaitEnd(String id) {
        WorkflowStub.fromTyped(client.newWorkflowStub(BareJourney.class, id)).getResult(Void.class);
    }

    int events(String id) {
        return client.fetchHistory(id).getEvents().size();
    }

    private static WorkflowOptions options(String id) {
        return WorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue(QUEUE)
                .build();
    }

    /** Takes a step for each of so many workflows, several at once. */
    static void forEach(int count, Step step) throws InterruptedException, ExecutionException {
        var slots = new Semaphore(CONCURRENT);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> steps = IntStream.range(0, count)
                    .<Future<?>>mapToObj(number -> threads.submit(() -> {
                        slots.acquireUninterruptibly();
                        try {
                            step.take(number);
                        } finally {
                            slots.release();
                        }
                    }))
                    .toList();
            for (var each : steps) {
                each.get();
            }
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        stubs.shutdownNow();
    }
}
