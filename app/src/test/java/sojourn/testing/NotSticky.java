package sojourn.testing;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;

/**
 * Keeps workers from asking for the next step of the same workflow: the in-memory Temporal would keep it for a worker that
 * has been stopped, for ever, where the real one gives it to another after seconds.
 */
public final class NotSticky implements ClientInterceptor {

    @Override
    public <T, R> ClientCall<T, R> interceptCall(MethodDescriptor<T, R> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            @SuppressWarnings("unchecked")
            public void sendMessage(T message) {
                super.sendMessage(
                        message instanceof RespondWorkflowTaskCompletedRequest completed
                                ? (T) completed.toBuilder()
                                        .clearStickyAttributes()
                                        .build()
                                : message);
            }
        };
    }
}
