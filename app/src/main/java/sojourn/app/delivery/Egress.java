package sojourn.app.delivery;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Keeps what people write into webhooks from reaching into our own network: every address of a host must be a public one,
 * or in a network that the settings allow. The connection is then made to the address that was looked at, so that a name
 * service that answers otherwise the next time gains nothing.
 */
final class Egress implements Hosts {

    private static final List<Network> NOT_PUBLIC = Network.list("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8"
            + " 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15"
            + " 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3");

    /** Of IPv6 only what is given out; in it are still some that lead to IPv4 or nowhere. */
    private static final Network GIVEN_OUT = Network.parse("2000::/3");

    private static final List<Network> GIVEN_OUT_BUT_NOT_PUBLIC =
            Network.list("2001::/23 2001:db8::/32 2002::/16 3fff::/20");

    private final List<Network> allowed;

    Egress(List<Network> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    @Override
    public List<InetAddress> of(String host) throws UnknownHostException, ForbiddenException {
        var addresses = List.of(InetAddress.getAllByName(host));
        if (!addresses.stream().allMatch(this::isGood)) {
            throw new ForbiddenException("the host has an address that is not public");
        }
        return addresses;
    }

    private boolean isGood(InetAddress address) {
        return in(allowed, address) || isPublic(address);
    }

    private static boolean isPublic(InetAddress address) {
        return address instanceof Inet4Address
                ? !in(NOT_PUBLIC, address)
                : GIVEN_OUT.contains(address) && !in(GIVEN_OUT_BUT_NOT_PUBLIC, address);
    }

    private static boolean in(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
