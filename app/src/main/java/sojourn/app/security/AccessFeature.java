package sojourn.app.security;

import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.util.List;
import sojourn.app.platform.KeyAsUserName;

/** Guards each endpoint by its own annotation; one without an annotation answers nobody. */
final class AccessFeature implements DynamicFeature {

    private final ApiKeys keys;
    private final RequestLimits limits;

    AccessFeature(ApiKeys keys, RequestLimits limits) {
        this.keys = keys;
        this.limits = limits;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        var method = resource.getResourceMethod();
        if (method.isAnnotationPresent(PermitAll.class)) {
            return;
        }
        var allowed = method.getAnnotation(RolesAllowed.class);
        context.register(limits);
        context.register(new KeyFilter(
                keys,
                limits,
                allowed == null ? List.of() : List.of(allowed.value()),
                method.isAnnotationPresent(KeyAsUserName.class)));
    }
}
