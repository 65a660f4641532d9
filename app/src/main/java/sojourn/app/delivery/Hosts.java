package sojourn.app.delivery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host, each good to connect to. */
interface Hosts {

    List<InetAddress> of(String host) throws UnknownHostException, ForbiddenException;

    /** Whatever the name service says: for hosts that the settings name. */
    static Hosts any() {
        return host -> List.of(InetAddress.getAllByName(host));
    }

    /** We do not connect there. */
    final class ForbiddenException extends Exception {
        ForbiddenException(String message) {
            super(message);
        }
    }
}
