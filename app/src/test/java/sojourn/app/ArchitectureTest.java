package sojourn.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** The house's plan, held by the build. */
@AnalyzeClasses(packages = "sojourn", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** Each feature may use those before it, and none after. */
    private static final List<String> FEATURES = List.of(
            "platform",
            "security",
            "contacts",
            "interactions",
            "segments",
            "messages",
            "delivery",
            "tasks",
            "journeys",
            "insights",
            "sandbox");

    @ArchTest
    static void features_use_only_those_before_them(JavaClasses classes) {
        for (var index = 0; index < FEATURES.size(); index++) {
            var later = FEATURES.subList(index + 1, FEATURES.size()).stream()
                    .map(feature -> "sojourn.app." + feature + "..")
                    .toArray(String[]::new);
            var feature = "sojourn.app." + FEATURES.get(index) + "..";
            if (later.length > 0) {
                noClasses()
                        .that()
                        .resideInAPackage(feature)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(later)
                        .check(classes);
            }
        }
    }

    @ArchTest
    static void every_package_is_a_feature_or_inside_one(JavaClasses classes) {
        var features = classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("sojourn.app."))
                .map(name -> name.split("\\.", -1)[2])
                .collect(Collectors.toSet());

        assertThat(FEATURES).containsAll(features);
    }

    @ArchTest
    static final ArchRule workflows_know_nothing_of_the_application = noClasses()
            .that()
            .resideInAPackage("sojourn.workflows..")
            .should()
            .dependOnClassesThat(resideInAPackage("sojourn.app.."));

    @ArchTest
    static final ArchRule sql_stays_in_its_feature =
            classes().that().haveSimpleNameEndingWith("Dao").should().notBePublic();

    /** Time comes in by an InstantSource, chance and ids by the database: only so can tests move and repeat them. */
    @ArchTest
    static final ArchRule features_have_no_clock_and_no_dice_of_their_own = noClasses()
            .that()
            .resideInAPackage("sojourn.app..")
            .and()
            .resideOutsideOfPackage("sojourn.app.sandbox..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, ThreadLocalRandom.class);

    @ArchTest
    static final ArchRule the_clock_is_made_in_one_place = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("sojourn.app.Sojourn")
            .and()
            .resideOutsideOfPackage("sojourn.app.sandbox..")
            .should()
            .callMethod(InstantSource.class, "system");

    @ArchTest
    static final ArchRule every_endpoint_says_who_may_call_it =
            methods().that().areMetaAnnotatedWith(HttpMethod.class).should(sayWhoMayCall());

    private static ArchCondition<JavaMethod> sayWhoMayCall() {
        return new ArchCondition<>("have @RolesAllowed or @PermitAll") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                if (!method.isAnnotatedWith(RolesAllowed.class) && !method.isAnnotatedWith(PermitAll.class)) {
                    events.add(SimpleConditionEvent.violated(method, method.getFullName() + " says nothing of roles"));
                }
            }
        };
    }
}
