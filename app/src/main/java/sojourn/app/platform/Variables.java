package sojourn.app.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment. A variable {@code SOJOURN_X} may be given by {@code SOJOURN_X_FILE}, the path of a file that holds its
 * value, which is how secrets come into containers.
 *
 * @param values by name, those read from files among them
 * @param mistakes what is wrong with the files, each in a sentence; a secret is in none
 */
public record Variables(Map<String, String> values, List<String> mistakes) {

    private static final String OURS = "SOJOURN_";
    private static final String BY_FILE = "_FILE";

    public Variables {
        values = Map.copyOf(values);
        mistakes = List.copyOf(mistakes);
    }

    public static Variables ofThisProcess() {
        return read(System.getenv());
    }

    /** Reads the files that the environment names; an empty name is none. */
    public static Variables read(Map<String, String> environment) {
        var values = new HashMap<>(environment);
        var mistakes = new ArrayList<String>();
        environment.keySet().stream()
                .filter(name -> name.startsWith(OURS) && name.endsWith(BY_FILE))
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .sorted()
                .forEach(byFile -> {
                    var name = byFile.substring(0, byFile.length() - BY_FILE.length());
                    if (!environment.getOrDefault(name, "").isEmpty()) {
                        mistakes.add(name + " and " + byFile + " are both set: set one of them");
                        return;
                    }
                    var path = environment.getOrDefault(byFile, "");
                    try {
                        values.put(name, withoutLineEnd(Files.readString(Path.of(path))));
                    } catch (IOException | InvalidPathException unreadable) {
                        mistakes.add(byFile + " is `" + path + "`: this must be a file that can be read ("
                                + unreadable.getClass().getSimpleName() + ")");
                    }
                });
        return new Variables(values, mistakes);
    }

    /** These, and those over them. */
    public Variables with(Map<String, String> others) {
        var all = new HashMap<>(values);
        all.putAll(others);
        return new Variables(all, mistakes);
    }

    /** Editors end a file with a line end; it is no part of the value. */
    private static String withoutLineEnd(String text) {
        return text.replaceFirst("\\r?\\n\\z", "");
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return "Variables" + values.keySet();
    }
}
