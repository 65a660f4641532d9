package sojourn.workflows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.temporal.workflow.Workflow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import sojourn.workflows.journeys.Tile;

/** What runs for days is replayed, so time, chance and threads come from Temporal alone. */
@AnalyzeClasses(packages = "sojourn.workflows", importOptions = ImportOption.DoNotIncludeTests.class)
class DeterminismTest {

    @ArchTest
    static final ArchRule time_and_chance_come_from_temporal = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Thread.class, Random.class, ExecutorService.class);

    /** Its timer is not cancelled when the condition comes first, and would wake the workflow later for nothing. */
    @ArchTest
    static final ArchRule waits_are_timers_that_can_be_cancelled =
            noClasses().should().callMethod(Workflow.class, "await", Duration.class, Supplier.class);

    @ArchTest
    static final ArchRule the_planner_does_not_know_temporal = noClasses()
            .that()
            .haveSimpleNameStartingWith("Planner")
            .or()
            .areAssignableTo(Tile.class)
            .or()
            .haveSimpleName("ActingPlan")
            .or()
            .haveSimpleName("JourneyDocument")
            .or()
            .haveSimpleName("Span")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.temporal..");
}
