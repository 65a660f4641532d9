package sojourn.app.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What an endpoint answers when all is well, for the API's description: of a method that returns a {@code Response} its type
 * does not say it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Answers.Several.class)
public @interface Answers {

    /** What the body is. */
    Class<?> value();

    /** With which status, or which ones. */
    int[] status() default 200;

    /** Whether the body is a {@link Page} of these. */
    boolean page() default false;

    /** Other bodies with other statuses. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface Several {
        Answers[] value();
    }
}
