package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class HealthTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void it_is_alive_and_gets_ready_without_a_key() throws InterruptedException {
        app.anonymous().request("GET", "/healthz").expect(200);

        for (var attempt = 0;
                attempt < 100 && app.anonymous().request("GET", "/readyz").status() != 200;
                attempt++) {
            Thread.sleep(100);
        }

        var ready = app.anonymous().request("GET", "/readyz").expect(200);
        assertThat(ready.json().get("checks").get("temporal").asBoolean()).isTrue();
        assertThat(ready.json().get("checks").get("database").asBoolean()).isTrue();
        assertThat(ready.json().get("checks").get("migrations").asBoolean()).isTrue();
    }
}
