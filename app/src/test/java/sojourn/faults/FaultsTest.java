package sojourn.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sojourn.app.sandbox.TemporalProgram;
import sojourn.testing.Mailbox;
import sojourn.testing.Mailbox.Mail;

/**
 * Servers, workers, Temporal and PostgreSQL are killed at random points in the middle of a journey of 200 people, and
 * started again: everybody's run ends as it should, and nobody gets an email twice.
 *
 * <p>{@code -Dfaults.seed} repeats a schedule, {@code -Dfaults.kills} and {@code -Dfaults.rounds} make it longer; the
 * Maven profile {@code faults} does.
 */
@Tag("faults")
class FaultsTest {

    private static final int PEOPLE = 200;

    /** Milliseconds that the mail server takes to answer. */
    static final int SLOWNESS = 700;

    @TempDir
    Path temporary;

    static LongStream seeds() {
        var seed = Long.getLong("faults.seed");
        return seed != null
                ? LongStream.of(seed)
                : new Random().longs(Integer.getInteger("faults.rounds", 1), 1, 1_000_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatever_dies_everybody_is_served_once(long seed) throws Exception {
        var program = TemporalProgram.find();
        assumeTrue(program.isPresent(), "the program `temporal` is not on this machine");
        say("seed " + seed + " (repeat it with -Dfaults.seed=" + seed + ")");
        var crashes = new ArrayList<Instant>();
        var unknowable = new HashSet<Mail>();
        try (var installation = new Installation(temporary, program.get(), 1, 1)) {
            // Slow enough that there is nearly always a mail in hand.
            installation.mailbox.slow(Duration.ofMillis(SLOWNESS));
            Outside.awaitReady(installation.urls().getFirst());
            try (var outside = new Outside(installation.urls(), installation.key())) {
                Shop.open(outside);
                var crowd = new Crowd(outside, installation.mailbox, PEOPLE, seed, Duration.ofSeconds(20));
                var living = crowd.live();
                killSome(installation, new Random(seed), crashes, unknowable);
                living.join();
                var jdbi = installation.jdbi();
                Shop.await("everybody has entered", () -> Books.runs(jdbi) == PEOPLE);
                Shop.await("every run has ended", () -> Books.open(jdbi) == 0);
                Shop.await("nothing is on its way", () -> Books.waiting(jdbi) == 0);
                var books = new Books(jdbi, installation.mailbox.mails(), crowd.orders);
                say(books.summary() + ", " + outside.refused() + " requests sent again");
                books.deliveriesAreTrue(crashes);
                books.areUnconfirmed(unknowable);
                books.runsEndedAsTheyShould();
                books.nothingWasLostOrAppliedTwice(PEOPLE);
                books.figuresAddUp(PEOPLE);
                Shop.await("no workflow is left", () -> workflowsLeft(installation.temporalAddress()) == 0);
            }
        }
    }

    /**
     * Everything is killed at least once, in random order, each time for a random while. A worker or PostgreSQL dies
     * while a mail is in hand: those whose senders die without an answer are {@code unknowable}.
     */
    static void killSome(Installation installation, Random random, List<Instant> crashes, Set<Mail> unknowable)
            throws Exception {
        var parts = new ArrayList<>(installation.parts());
        var victims = new ArrayList<String>();
        var kills = Integer.getInteger("faults.kills", Boolean.getBoolean("faults.long") ? 20 : 6);
        while (victims.size() < kills) {
            Collections.shuffle(parts, random);
            victims.addAll(parts);
        }
        for (var victim : victims.subList(0, kills)) {
            Outside.pause(Duration.ofMillis(1_000 + random.nextInt(5_000)));
            var hidesAnswers = !victim.equals("temporal") && !victim.startsWith("server");
            if (hidesAnswers) {
                awaitMailInHand(installation.mailbox);
                Outside.pause(Duration.ofMillis(random.nextInt(SLOWNESS)));
                crashes.add(Instant.now());
            }
            installation.kill(victim);
            var inHand = installation.mailbox.inHand();
            say("killed " + victim + ", mails in hand: " + inHand.size());
            if (victim.startsWith("worker")) {
                unknowable.addAll(inHand);
            }
            Outside.pause(Duration.ofMillis(random.nextInt(3_000)));
            installation.release(victim);
        }
    }

    private static void awaitMailInHand(Mailbox mailbox) {
        for (var looks = 0; mailbox.inHand().isEmpty() && looks < 500; looks++) {
            Outside.pause(Duration.ofMillis(10));
        }
    }

    static long workflowsLeft(String address) {
        var stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(address).validateAndBuildWithDefaults());
        try {
            return WorkflowClient.newInstance(stubs)
                    .countWorkflows("ExecutionStatus = 'Running' and WorkflowType = 'JourneyRun'")
                    .getCount();
        } finally {
            stubs.shutdownNow();
        }
    }

    static void say(String what) {
        System.out.println("faults: " + what);
    }
}
