package sojourn.app.platform;

import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * With which keys payloads are encrypted before Temporal gets them; {@code config.yml} explains the settings. Without any
 * they are left plain.
 *
 * @param keys {@code id:key}, the key in base64, with spaces between; null where the keys are in files, or there are none
 * @param keyFiles the same, each key in a file of its own
 */
@SelfValidating
public record EncryptionSettings(
        @Nullable String keys, @Nullable List<KeyFile> keyFiles) {

    /** Nothing is encrypted. */
    static final EncryptionSettings OFF = new EncryptionSettings(null, null);

    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,49}";
    private static final String IDS = "an id of 1 to 50 letters, digits, dots, underscores and hyphens";
    private static final String KEYS = "32 bytes in base64, as `openssl rand -base64 32` makes them";

    /** A key by its id, and the file that holds it in base64. */
    public record KeyFile(@Nullable String id, @Nullable Path file) {}

    @SelfValidation
    public void validate(ViolationCollector violations) {
        read(violations::addViolation);
    }

    /** The keys, of settings that were validated. */
    PayloadKeys read() {
        return read((setting, mistake) -> {
            throw new IllegalArgumentException("temporal.encryption." + setting + " " + mistake);
        });
    }

    /** Takes what can be taken, and tells every mistake with its setting; no mistake has a key in it. */
    private PayloadKeys read(BiConsumer<String, String> mistakes) {
        var ring = new PayloadKeys();
        var texts = keys == null || keys.isBlank()
                ? List.<String>of()
                : List.of(keys.strip().split("\\s+"));
        var files = keyFiles == null ? List.<KeyFile>of() : keyFiles;
        if (!texts.isEmpty() && !files.isEmpty()) {
            mistakes.accept("keys", "and keyFiles both have keys, so that nobody knows which is the first: use one");
        }
        for (var index = 0; index < texts.size(); index++) {
            var text = texts.get(index);
            var colon = text.indexOf(':');
            var place = index + 1;
            if (colon < 0) {
                mistakes.accept("keys", "has no colon in entry " + place + ": id:key would fit");
                continue;
            }
            add(ring, text.substring(0, colon), text.substring(colon + 1), place, told("keys", mistakes));
        }
        for (var index = 0; index < files.size(); index++) {
            var file = Objects.requireNonNullElse(files.get(index), new KeyFile(null, null));
            var tell = told("keyFiles", mistakes);
            var text = content(file.file(), index + 1, tell);
            if (text != null) {
                add(ring, Objects.requireNonNullElse(file.id(), ""), text, index + 1, tell);
            }
        }
        return ring;
    }

    private interface Mistakes {
        void tell(String mistake);
    }

    private static Mistakes told(String setting, BiConsumer<String, String> mistakes) {
        return mistake -> mistakes.accept(setting, mistake);
    }

    private static @Nullable String content(@Nullable Path file, int place, Mistakes mistakes) {
        if (file == null) {
            mistakes.tell("names no file in entry " + place + ": {id: ..., file: ...} would fit");
            return null;
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            mistakes.tell("has a file in entry " + place + " that cannot be read, " + file + " ("
                    + unreadable.getClass().getSimpleName() + "): a file with " + KEYS + " would fit");
            return null;
        }
    }

    private static void add(PayloadKeys ring, String id, String text, int place, Mistakes mistakes) {
        var known = id.matches(ID);
        if (!known) {
            mistakes.tell("has no usable id in entry " + place + ": " + IDS + " would fit");
        }
        var key = decoded(text);
        var name = known ? "the key `" + id + "`" : "a key in entry " + place;
        if (key == null) {
            mistakes.tell("has " + name + " that is no base64: " + KEYS + " would fit");
        } else if (key.length != PayloadKeys.BYTES) {
            mistakes.tell("has " + name + " of " + key.length + " bytes: " + KEYS + " would fit");
        } else if (known && !ring.add(id, key)) {
            mistakes.tell("has the id `" + id + "` twice: each key needs one of its own");
        }
    }

    private static byte @Nullable [] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "EncryptionSettings";
    }
}
