package sojourn.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Json;
import sojourn.app.platform.Variables;

/** {@code import}: sends a file of contacts or interactions to a running server and shows how it goes. */
public final class ImportCommand extends Command {

    private static final String KEY_VARIABLE = "SOJOURN_API_KEY";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

    private final PrintStream terminal;
    private final HttpClient http = HttpClient.newHttpClient();

    public ImportCommand() {
        this(System.out);
    }

    ImportCommand(PrintStream terminal) {
        super("import", "Sends a file of contacts or interactions to a running server");
        this.terminal = terminal;
    }

    @Override
    public void configure(Subparser arguments) {
        arguments
                .addArgument("what")
                .choices("contacts", "interactions")
                .help("what is in the file: CSV with a header that names the fields (.csv), or lines of JSON");
        arguments.addArgument("file").metavar("FILE").help("the file to send");
        arguments
                .addArgument("--url")
                .setDefault("http://127.0.0.1:8080")
                .help("where the server is; default http://127.0.0.1:8080");
        arguments.addArgument("--key").help("an API key; better: the variable " + KEY_VARIABLE + ", or --key-file");
        arguments.addArgument("--key-file").dest("keyFile").help("a file with an API key in it, e.g. .sojourn/api-key");
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
        var file = Path.of(arguments.getString("file"));
        if (!Files.isRegularFile(file)) {
            throw new Refused("There is no file " + file);
        }
        var url = arguments.getString("url").replaceAll("/+$", "");
        var key = key(arguments.getString("key"), arguments.getString("keyFile"));
        var rejected = arguments.getString("what").equals("contacts")
                ? contacts(url, key, file)
                : interactions(url, key, file);
        if (rejected > 0) {
            throw new Refused(rejected + " rejected");
        }
    }

    /** One line instead of a stack trace, for what a person can put right. */
    @Override
    public void onError(Cli cli, Namespace arguments, Throwable failure) {
        switch (failure) {
            case Refused refused -> terminal.println(refused.getMessage());
            case IOException unreachable -> terminal.println("The server cannot be reached: " + unreachable);
            default -> super.onError(cli, arguments, failure);
        }
    }

    private long contacts(String url, String key, Path file) throws IOException, InterruptedException {
        var accepted = send(url + "/v1/contacts/import", key, file);
        var place = URI.create(url + "/v1/jobs/" + accepted.get("id").textValue());
        var begun = System.nanoTime();
        var job = accepted;
        while (List.of("queued", "running").contains(job.get("state").textValue())) {
            Thread.sleep(BETWEEN_LOOKS);
            job = answer(request(place, key).GET().build());
            var done = job.get("done").longValue();
            terminal.printf("\r%,d contacts, %,.0f/s ", done, done / seconds(begun));
            terminal.flush();
        }
        var result = job.get("result");
        terminal.printf(
                "%n%s: %,d created, %,d updated, %,d rejected%n",
                job.get("state").textValue(),
                count(result, "created"),
                count(result, "updated"),
                count(result, "rejected"));
        for (var problem : job.get("problems")) {
            var line = problem.path("line");
            terminal.printf(
                    "%s%s: %s%n",
                    line.isNumber() ? "line " + line.asText() + ": " : "",
                    problem.get("code").textValue(),
                    problem.get("detail").textValue());
        }
        if (!job.get("state").textValue().equals("succeeded")) {
            throw new Refused("The import has not succeeded");
        }
        return count(result, "rejected");
    }

    private long interactions(String url, String key, Path file) throws IOException, InterruptedException {
        var begun = System.nanoTime();
        var answer = send(url + "/v1/interactions", key, file);
        var rejected = count(answer, "rejectedTotal");
        var all = count(answer, "accepted") + count(answer, "duplicates") + rejected;
        terminal.printf(
                "%,d accepted, %,d duplicates, %,d rejected; %,.0f/s%n",
                count(answer, "accepted"), count(answer, "duplicates"), rejected, all / seconds(begun));
        for (var rejection : answer.get("rejected")) {
            terminal.printf(
                    "line %d: %s: %s%n",
                    rejection.get("line").longValue(),
                    rejection.get("code").textValue(),
                    rejection.get("detail").textValue());
        }
        return rejected;
    }

    private JsonNode send(String url, String key, Path file) throws IOException, InterruptedException {
        var csv = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
        try (var progress = new SendingProgress(file, terminal)) {
            var request = request(URI.create(url), key)
                    .header("Content-Type", csv ? "text/csv" : "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> progress))
                    .build();
            return answer(request);
        }
    }

    private static HttpRequest.Builder request(URI place, String key) {
        return HttpRequest.newBuilder(place).header("Authorization", "Bearer " + key);
    }

    private JsonNode answer(HttpRequest request) throws IOException, InterruptedException {
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new Refused("The server answered " + response.statusCode() + ": " + response.body());
        }
        return Json.mapper().readTree(response.body());
    }

    private static String key(@Nullable String key, @Nullable String file) throws IOException {
        if (key != null) {
            return key;
        }
        if (file != null) {
            return Files.readString(Path.of(file)).strip();
        }
        var variables = Variables.ofThisProcess();
        if (!variables.mistakes().isEmpty()) {
            throw new Refused(String.join("\n", variables.mistakes()));
        }
        var variable = variables.values().get(KEY_VARIABLE);
        if (variable == null) {
            throw new Refused("An API key is needed: in the variable " + KEY_VARIABLE + ", by --key-file or by --key");
        }
        return variable;
    }

    private static long count(JsonNode counts, String name) {
        return counts.path(name).asLong();
    }

    private static double seconds(long begun) {
        return Math.max(0.001, (System.nanoTime() - begun) / 1e9);
    }

    /** Ends the command with a message and exit code 1. */
    private static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1;

        private Refused(String message) {
            super(message);
        }
    }
}
