package io.automationhub.connectors.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. What it finds is what is connected to, and what {@link AddressGuard} looks at. */
@FunctionalInterface
public interface HostResolver {

    /** The resolver of the system. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * The addresses of a host, best first. May be called by several threads.
     *
     * @throws UnknownHostException if it has none
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
