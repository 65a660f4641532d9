package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "127.0.0.1",
                "127.1",
                "2130706433",
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "192.0.2.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "[::]",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:10.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "[2001:0:1::]",
                "[2001:db8::1]",
                "[fe80::1]",
                "[fc00::1]",
                "[fd12::1]",
                "[fec0::1]",
                "[ff02::1]"
            })
    void what_is_not_public_is_not_connected_to(String host) {
        assertThatThrownBy(() -> new Egress(List.of()).of(host)).isInstanceOf(Hosts.ForbiddenException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "223.255.255.254", "[2606:4700::1111]"})
    void what_is_public_is(String host) throws Exception {
        assertThat(new Egress(List.of()).of(host)).hasSize(1);
    }

    @Test
    void a_network_may_be_allowed_and_no_other_is_with_it() throws Exception {
        var egress = new Egress(Network.list("10.1.0.0/16, ::1"));

        assertThat(egress.of("10.1.255.255")).hasSize(1);
        assertThat(egress.of("[::1]")).hasSize(1);
        for (var host : List.of("10.2.0.0", "[::2]", "127.0.0.1")) {
            assertThatThrownBy(() -> egress.of(host)).isInstanceOf(Hosts.ForbiddenException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"intern.example.com", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/a", "::/129", "10.0.0.300"})
    void what_is_no_network_is_refused(String text) {
        assertThatThrownBy(() -> Network.list(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
