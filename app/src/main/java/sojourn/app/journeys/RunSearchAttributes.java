package sojourn.app.journeys;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.Temporal;

/**
 * By which operators find runs in the Temporal UI; set once, at start, ids and keys only. They are registered with the
 * first run that is started; where that is not permitted, runs go without them and one line of the log says so.
 */
final class RunSearchAttributes {

    private static final Logger log = LoggerFactory.getLogger(RunSearchAttributes.class);

    private static final SearchAttributeKey<String> JOURNEY = SearchAttributeKey.forKeyword("JourneyId");
    private static final SearchAttributeKey<Long> VERSION = SearchAttributeKey.forLong("JourneyVersion");
    private static final SearchAttributeKey<String> CONTACT = SearchAttributeKey.forKeyword("ContactId");
    private static final SearchAttributeKey<String> RUN = SearchAttributeKey.forKeyword("JourneyRunId");
    private static final SearchAttributeKey<String> BUSINESS_UNIT = SearchAttributeKey.forKeyword("BusinessUnit");

    private enum Registered {
        UNKNOWN,
        YES,
        NO
    }

    private final Temporal temporal;
    private Registered registered = Registered.UNKNOWN;

    RunSearchAttributes(Temporal temporal) {
        this.temporal = temporal;
    }

    /** Null where the namespace does not have them. */
    @Nullable
    SearchAttributes of(RunStarter.Due due) {
        if (!registered()) {
            return null;
        }
        var attributes = SearchAttributes.newBuilder()
                .set(JOURNEY, due.journey())
                .set(VERSION, (long) due.version())
                .set(CONTACT, due.contact().toString())
                .set(RUN, due.id().toString());
        if (due.businessUnit() != null) {
            attributes.set(BUSINESS_UNIT, due.businessUnit());
        }
        return attributes.build();
    }

    private synchronized boolean registered() {
        if (registered == Registered.UNKNOWN) {
            registered = register() ? Registered.YES : Registered.NO;
        }
        return registered == Registered.YES;
    }

    private boolean register() {
        var wanted = Map.of(
                JOURNEY.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
                VERSION.getName(), IndexedValueType.INDEXED_VALUE_TYPE_INT,
                CONTACT.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
                RUN.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
                BUSINESS_UNIT.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
        var operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(temporal.client().getWorkflowServiceStubs().getRawChannel())
                .validateAndBuildWithDefaults());
        try {
            var present = present(operator);
            for (var attribute : wanted.entrySet()) {
                if (!present.containsKey(attribute.getKey())) {
                    add(operator, attribute.getKey(), attribute.getValue());
                }
            }
            return true;
        } catch (StatusRuntimeException refused) {
            throwIfPassing(refused);
            log.warn("runs are started without search attributes, which cannot be registered: {}", refused.toString());
            return false;
        }
    }

    private void add(OperatorServiceStubs operator, String name, IndexedValueType type) {
        try {
            operator.blockingStub()
                    .addSearchAttributes(AddSearchAttributesRequest.newBuilder()
                            .setNamespace(temporal.client().getOptions().getNamespace())
                            .putSearchAttributes(name, type)
                            .build());
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
                throw failure;
            }
        }
    }

    /** A Temporal that is not there just now has refused nothing: the next start asks again. */
    private static void throwIfPassing(StatusRuntimeException failure) {
        switch (failure.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED -> throw failure;
            default -> {}
        }
    }

    private Map<String, IndexedValueType> present(OperatorServiceStubs operator) {
        try {
            return operator.blockingStub()
                    .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                            .setNamespace(temporal.client().getOptions().getNamespace())
                            .build())
                    .getCustomAttributesMap();
        } catch (StatusRuntimeException notThere) {
            throwIfPassing(notThere);
            return Map.of();
        }
    }
}
