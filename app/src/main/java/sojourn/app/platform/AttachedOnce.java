package sojourn.app.platform;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.config.JdbiConfig;
import org.jdbi.v3.core.extension.ExtensionFactory;
import org.jdbi.v3.core.extension.Extensions;
import org.jdbi.v3.core.extension.HandleSupplier;

/**
 * Attaches each DAO once to a handle, however often it is asked for there. Jdbi makes all methods of a DAO ready each
 * time it is attached, which costs more than most of our queries.
 */
final class AttachedOnce implements ExtensionFactory {

    private final Extensions plain;

    private AttachedOnce(Extensions plain) {
        this.plain = plain;
    }

    static void install(Jdbi jdbi) {
        var extensions = jdbi.getConfig(Extensions.class);
        extensions.register(new AttachedOnce(extensions.createCopy()));
    }

    /** What is attached to one handle; a handle's configuration is a copy of its own, and begins without any. */
    public static final class Attached implements JdbiConfig<Attached> {

        private final Map<Class<?>, Object> attached = new HashMap<>();

        @Override
        public Attached createCopy() {
            return new Attached();
        }
    }

    @Override
    public boolean accepts(Class<?> type) {
        return plain.hasExtensionFor(type);
    }

    /** Nothing of Jdbi's own making stands before what {@link #attach} returns. */
    @Override
    public Set<FactoryFlag> getFactoryFlags() {
        return Set.of(FactoryFlag.DONT_USE_PROXY);
    }

    @Override
    public <E> E attach(Class<E> type, HandleSupplier handle) {
        var attached = handle.getHandle().getConfig(Attached.class).attached;
        var known = attached.get(type);
        if (known == null) {
            known = plain.findFor(type, handle).orElseThrow();
            attached.put(type, known);
        }
        return type.cast(known);
    }
}
