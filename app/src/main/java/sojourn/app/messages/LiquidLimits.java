package sojourn.app.messages;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import liqp.RenderTransformer;
import liqp.TemplateContext;
import org.jspecify.annotations.Nullable;

/** Holds a rendering to its time and size: asked at each piece of output and at each filter. */
final class LiquidLimits implements RenderTransformer {

    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final ScopedValue<Long> DEADLINE = ScopedValue.newInstance();

    static String within(Supplier<String> rendering) {
        return ScopedValue.where(DEADLINE, System.nanoTime() + MAX_NANOS).call(rendering::get);
    }

    static void checkTime() {
        if (DEADLINE.isBound() && System.nanoTime() - DEADLINE.get() > 0) {
            throw new IllegalStateException("The template takes too long to render");
        }
    }

    static void checkSize(long characters) {
        if (characters > Liquid.MAX_TEXT) {
            throw new IllegalStateException("The template makes more than " + Liquid.MAX_TEXT + " characters");
        }
    }

    @Override
    public ObjectAppender.Controller newObjectAppender(TemplateContext context, int estimatedNumberOfAppends) {
        var text = new StringBuilder();
        return new ObjectAppender.Controller() {
            @Override
            public Object getResult() {
                return text.toString();
            }

            @Override
            public void append(@Nullable Object piece) {
                checkTime();
                text.append(piece);
                checkSize(text.length());
            }
        };
    }

    @Override
    public Object transformObject(TemplateContext context, Object value) {
        return String.valueOf(value);
    }
}
