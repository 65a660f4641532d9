package sojourn.app.platform;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The keys of what we give to Temporal, by their ids: the first encrypts, all decrypt. */
final class PayloadKeys {

    /** AES-256. */
    static final int BYTES = 32;

    private final Map<String, SecretKey> byId = new LinkedHashMap<>();

    /** Adds a key behind the others; says whether the id was free. */
    boolean add(String id, byte[] key) {
        return byId.putIfAbsent(id, new SecretKeySpec(key, "AES")) == null;
    }

    List<String> ids() {
        return List.copyOf(byId.keySet());
    }

    /** The id of the key that encrypts; empty where nothing is encrypted. */
    Optional<String> first() {
        return byId.keySet().stream().findFirst();
    }

    @Nullable
    SecretKey find(String id) {
        return byId.get(id);
    }
}
