package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sojourn.app.contacts.BuiltInAttributes;
import sojourn.app.contacts.ContactFields;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.LeadMaker;
import sojourn.app.contacts.ValueType;
import sojourn.app.interactions.BuiltInProperties;
import sojourn.app.interactions.InteractionType;
import sojourn.app.platform.Json;
import sojourn.app.segments.language.Catalog;
import sojourn.app.segments.language.QueryException;
import sojourn.app.segments.language.SegmentLanguage;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Tile;

/** The guide to the journey document shows only what can go live, and names each problem that is found. */
class JourneyGuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "journey-document.md");
    private static final Path CHECKS = Path.of("src", "main", "java", "sojourn", "app", "journeys");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");
    private static final Pattern CODE = Pattern.compile(
            "(?s)\\b(?:error|warning)\\(\\s*(?:[^()\"]|\\([^()]*\\)|\"/[^\"]*\")*\"([a-z]+(?:-[a-z]+)+)\"");

    private static final JourneyCheck.Names NAMES = new JourneyCheck.Names(
            live("lapsed-60d", "staff", "do-not-disturb", "vip"),
            live("we-miss-you", "ten-percent-off", "short-reminder", "it-is-here"),
            Map.of("we-miss-you", "email", "ten-percent-off", "email", "short-reminder", "text", "it-is-here", "push"),
            Set.of("Purchase", "CartLeft", "EmailOpened", "EmailClicked", "TaskCompleted", "RecordUpdated"),
            new ActingNames(
                    ContactFields.Known.of(Map.of(
                            "tier", Declaration.option("gold", "silver"), "points", Declaration.of(ValueType.NUMBER))),
                    Set.of(),
                    Map.of("PointsGranted", granted()),
                    Map.of("onboarding", "live"),
                    LeadMaker.Known.of(Map.of(
                            "source",
                            Declaration.of(ValueType.TEXT),
                            "owner",
                            Declaration.of(ValueType.TEXT),
                            "dueAt",
                            Declaration.of(ValueType.TIMESTAMP))),
                    Set.of("lead")));

    static Stream<String> examples() throws IOException {
        return EXAMPLE.matcher(Files.readString(GUIDE)).results().map(found -> found.group(1));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_example_could_go_live(String example) throws IOException {
        var document = document(example);

        var problems = new JourneyCheck(new Language(), ZoneOffset.UTC, AnyChannel.CHECK)
                .check(document, NAMES, Instant.parse("2026-11-02T12:00:00Z"));

        assertThat(problems).extracting(DocumentProblem::code).isSubsetOf("no-exit");
    }

    @Test
    void every_problem_is_named() throws IOException {
        var found = new HashSet<String>();
        for (var name : List.of(
                "JourneyCheck",
                "AudienceCheck",
                "EntryCheck",
                "LimitsCheck",
                "TileCheck",
                "SendingCheck",
                "WaitUntilCheck",
                "PathCheck",
                "ActingCheck",
                "AbTestCheck")) {
            CODE.matcher(Files.readString(CHECKS.resolve(name + ".java")))
                    .results()
                    .forEach(code -> found.add(code.group(1)));
        }

        assertThat(found).hasSizeGreaterThan(20);
        var guide = Files.readString(GUIDE);
        assertThat(found).allSatisfy(code -> assertThat(guide).contains("`" + code + "`"));
    }

    private static InteractionType granted() {
        var properties = Map.of("points", Declaration.of(ValueType.NUMBER), "note", Declaration.of(ValueType.TEXT));
        return new InteractionType((short) 1, "PointsGranted", false, properties);
    }

    /** A document as it stands; or tiles, which are put into one that starts with the first. */
    private static JourneyDocument document(String example) throws IOException {
        var json = (ObjectNode) Json.mapper().readTree(example);
        if (json.has("tiles")) {
            return Json.mapper().treeToValue(json, JourneyDocument.class);
        }
        var tiles = Json.mapper().readValue(example, new TypeReference<LinkedHashMap<String, Tile>>() {});
        var audience = new JourneyDocument.Audience(List.of("lapsed-60d"), null, null, null);
        var start = tiles.keySet().iterator().next();
        return new JourneyDocument(
                null, null, null, null, audience, null, null, null, null, null, null, null, start, tiles);
    }

    private static Map<String, String> live(String... keys) {
        var states = new LinkedHashMap<String, String>();
        for (var key : keys) {
            states.put(key, "live");
        }
        return states;
    }

    /** Conditions as the language reads them, over the attributes and types of the guide. */
    private static final class Language implements ConditionCheck {

        private final Catalog catalog;

        Language() {
            var attributes = new LinkedHashMap<>(BuiltInAttributes.all());
            attributes.put("tier", Declaration.option("gold", "silver"));
            attributes.put("renewal", Declaration.of(ValueType.DATE));
            var purchase = new LinkedHashMap<>(BuiltInProperties.all());
            purchase.put("amount", Declaration.of(ValueType.NUMBER));
            var updated = new LinkedHashMap<>(BuiltInProperties.all());
            for (var property : List.of("record", "attribute", "newValue")) {
                updated.put(property, Declaration.of(ValueType.TEXT));
            }
            catalog = Catalog.ofContacts(
                    attributes,
                    Map.of(
                            "Purchase", purchase,
                            "CartLeft", purchase,
                            "TaskCompleted", BuiltInProperties.all(),
                            "RecordUpdated", updated),
                    NAMES.segmentStates().keySet());
        }

        @Override
        public List<Flaw> overContact(String condition, @Nullable String trigger) {
            return flaws(() -> SegmentLanguage.parseContactCondition(condition, withTrigger(trigger)));
        }

        @Override
        public Set<String> segmentsIn(String condition, @Nullable String trigger) {
            return Set.of();
        }

        @Override
        public Map<String, Declaration> contactAttributes(@Nullable String trigger) {
            return withTrigger(trigger).contactAttributes();
        }

        private Catalog withTrigger(@Nullable String trigger) {
            return Conditions.withTrigger(catalog, trigger);
        }

        @Override
        public List<Flaw> overInteraction(String type, String condition) {
            return flaws(() -> SegmentLanguage.parseInteractionCondition(condition, catalog, List.of(type)));
        }

        private static List<Flaw> flaws(Runnable parsing) {
            try {
                parsing.run();
                return List.of();
            } catch (QueryException wrong) {
                return wrong.errors().stream()
                        .map(error -> new Flaw(error.line(), error.column(), error.code(), error.detail()))
                        .toList();
            }
        }
    }
}
