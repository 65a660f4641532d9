package sojourn.app.platform;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** On a resource: pages of the Temporal UI may read its answers, which come from another origin. */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
public @interface ForTemporalUi {}
