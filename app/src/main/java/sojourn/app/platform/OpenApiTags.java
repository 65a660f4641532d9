package sojourn.app.platform;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Under which heading the description has each endpoint. That follows from its path, so no endpoint has to say it. */
final class OpenApiTags {

    /**
     * A heading.
     *
     * @param paths what it has, with all below it that no other heading names more closely
     */
    private record Heading(String name, String description, List<String> paths) {

        private static Heading of(String name, String description, String... paths) {
            return new Heading(name, description, List.of(paths));
        }
    }

    /** In the order in which they are read: whom it is about, what happened, who is meant, what they get, what came of it. */
    private static final List<Heading> HEADINGS = List.of(
            Heading.of(
                    "Contacts", "People, one by one and by the thousand, and all that is known of one", "/v1/contacts"),
            Heading.of("Consents", "What contacts allowed and withdrew", "/v1/contacts/{contact}/consents"),
            Heading.of("Profile types", "Which kinds of records there are, and their attributes", "/v1/profile-types"),
            Heading.of("Profiles", "Records beside contacts: accounts, leads and what you declare", "/v1/profiles"),
            Heading.of("Relationships", "How records belong together, and the links between them", "/v1/relationships"),
            Heading.of("Interaction types", "Which kinds of interactions there are", "/v1/interaction-types"),
            Heading.of(
                    "Interactions",
                    "Takes what happened: as JSON, CSV, CloudEvents, or as Segment's libraries send it",
                    "/v1/interactions",
                    "/v1/track",
                    "/v1/identify",
                    "/v1/batch"),
            Heading.of("Segments", "Groups of contacts by query or by hand, and their life cycle", "/v1/segments"),
            Heading.of(
                    "Segment members",
                    "Who is in a segment, and changing that by hand, by query, in bulk or by overrides",
                    "/v1/segments/{segment}/members",
                    "/v1/segments/{segment}/overrides"),
            Heading.of(
                    "Segment questions",
                    "What can be asked of segments and queries; changes nothing",
                    "/v1/segments/estimate",
                    "/v1/segments/explain",
                    "/v1/segments/flow",
                    "/v1/segments/parse",
                    "/v1/segments/preview",
                    "/v1/segments/{segment}/edit/preview",
                    "/v1/segments/{segment}/estimate",
                    "/v1/segments/{segment}/explain",
                    "/v1/segments/{segment}/flow",
                    "/v1/segments/{segment}/preview",
                    "/v1/segments/{segment}/related",
                    "/v1/segments/{segment}/sql"),
            Heading.of(
                    "Segment templates",
                    "Queries with places to fill, and making segments of them",
                    "/v1/segment-templates",
                    "/v1/segments/from-template",
                    "/v1/segments/{segment}/save-as-template"),
            Heading.of("Business units", "Whose contacts a segment may have", "/v1/business-units"),
            Heading.of("Messages", "What is sent, and its life cycle", "/v1/messages"),
            Heading.of("Deliveries", "What was sent to whom, or why not", "/v1/deliveries"),
            Heading.of("Journeys", "What contacts go through: documents, life cycle, versions, entry", "/v1/journeys"),
            Heading.of("Journey templates", "Journeys that come with the product", "/v1/journey-templates"),
            Heading.of(
                    "Runs",
                    "How single contacts go through journeys, and helping them on",
                    "/v1/runs",
                    "/v1/journeys/{journey}/runs",
                    "/v1/journeys/{journey}/interventions"),
            Heading.of("Tasks", "What journeys have given people to do", "/v1/tasks"),
            Heading.of(
                    "Insights",
                    "Figures of journeys, tests and segments",
                    "/v1/insights",
                    "/v1/journeys/{journey}/insights",
                    "/v1/journeys/{journey}/tiles",
                    "/v1/segments/{segment}/insights"),
            Heading.of("Jobs", "How far long work is", "/v1/jobs"),
            Heading.of("API keys", "Who may use this API", "/v1/api-keys"),
            Heading.of("Audit", "Who did what", "/v1/audit"),
            Heading.of("Temporal codec", "Lets Temporal's own tools read what is encrypted in it", "/v1/temporal"),
            Heading.of("Tracking", "What emails lead to", "/t"),
            Heading.of("Health", "Whether the server is alive and ready", "/healthz", "/readyz"),
            Heading.of("Documentation", "This page, the guides, and the description itself", "/docs", "/openapi.json"),
            Heading.of("Sandbox", "The mails that the sandbox caught, and its codec; for this machine only", "/dev"));

    private static final Map<String, String> BY_PATH = HEADINGS.stream()
            .flatMap(heading -> heading.paths().stream().map(path -> Map.entry(path, heading.name())))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private OpenApiTags() {}

    /** Puts each operation under its heading, and says what the headings mean that have any. */
    static void give(OpenAPI description) {
        var used = new TreeSet<String>();
        description
                .getPaths()
                .forEach((path, item) -> of(path).ifPresent(name -> {
                    used.add(name);
                    item.readOperations().forEach(operation -> operation.setTags(List.of(name)));
                }));
        description.setTags(HEADINGS.stream()
                .filter(heading -> used.contains(heading.name()))
                .map(heading -> new Tag().name(heading.name()).description(heading.description()))
                .toList());
    }

    private static Optional<String> of(String path) {
        return Stream.iterate(path, each -> !each.isEmpty(), each -> each.substring(0, each.lastIndexOf('/')))
                .map(BY_PATH::get)
                .flatMap(Stream::ofNullable)
                .findFirst();
    }
}
