package io.automationhub.connectors.http;

import io.automationhub.engine.error.NonRetriableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Decides to which addresses a socket may connect, so that a workflow cannot be made to reach what only this machine or its
 * network can: by default nothing but public addresses. What a host's name resolves to is what counts, at the moment of the
 * connection. A host that is allowed by name comes first, then an address that is allowed, then those that are blocked. An
 * IPv6 address that stands for an IPv4 address (mapped, compatible, NAT64, 6to4) is judged as both. Immutable.
 *
 * <p>The blocked ranges are those that the IANA registries of special-purpose addresses
 * (<a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IPv4</a>,
 * <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IPv6</a>) call not globally reachable, and multicast.
 */
public final class AddressGuard {

    /** The kind of failure of what this refuses. */
    public static final String KIND_BLOCKED = "blocked";

    private static final Map<AddressRange, String> BLOCKED = blocked();
    private static final AddressRange MAPPED = AddressRange.parse("::/80");
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");

    private final List<String> hosts;
    private final List<AddressRange> addresses;
    private final String hostSetting;
    private final String addressSetting;

    private AddressGuard(Builder builder) {
        hosts = List.copyOf(builder.hosts);
        addresses = List.copyOf(builder.addresses);
        hostSetting = builder.hostSetting;
        addressSetting = builder.addressSetting;
    }

    /** Public addresses only. */
    public static AddressGuard publicOnly() {
        return builder().build();
    }

    /** Public addresses, and what is allowed beside them. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Refuses an address.
     *
     * @param address resolved, with the name that it was resolved from, if there was one
     * @throws NonRetriableException kind {@value #KIND_BLOCKED}, with the rule and the setting that would allow it
     */
    public void check(InetSocketAddress address) {
        String host = address.getHostString();
        InetAddress target = address.getAddress();
        if (target == null) {
            throw new IllegalArgumentException("The address of '" + host + "' is to be resolved first");
        }
        if (allowsHost(host)) {
            return;
        }
        byte[] bytes = target.getAddress();
        if (addresses.stream().anyMatch(range -> range.contains(bytes))) {
            return;
        }
        rule(bytes).ifPresent(rule -> {
            String literal = target.getHostAddress();
            throw new NonRetriableException(
                    KIND_BLOCKED,
                    "Cannot connect to '" + host + "': "
                            + (host.equals(literal) ? "it" : "its address " + literal) + " is " + rule
                            + ", which workflows may not reach; if this one is meant to, allow it by "
                            + hostSetting.formatted(host) + " or " + addressSetting.formatted(literal),
                    null);
        });
    }

    boolean allowsHost(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return hosts.stream()
                .anyMatch(allowed -> allowed.startsWith("*.")
                        ? name.length() > allowed.length() - 1 && name.endsWith(allowed.substring(1))
                        : name.equals(allowed));
    }

    private static Optional<String> rule(byte[] address) {
        for (Map.Entry<AddressRange, String> range : BLOCKED.entrySet()) {
            if (range.getKey().contains(address)) {
                return Optional.of(range.getValue());
            }
        }
        return embedded(address).flatMap(AddressGuard::rule);
    }

    /** The IPv4 address that an IPv6 address stands for. */
    private static Optional<byte[]> embedded(byte[] address) {
        if (MAPPED.contains(address) || NAT64.contains(address)) {
            return Optional.of(Arrays.copyOfRange(address, 12, 16));
        }
        return SIX_TO_FOUR.contains(address) ? Optional.of(Arrays.copyOfRange(address, 2, 6)) : Optional.empty();
    }

    private static Map<AddressRange, String> blocked() {
        Map<AddressRange, String> ranges = new LinkedHashMap<>();
        for (String line : List.of(
                "0.0.0.0/8 this network",
                "10.0.0.0/8 private",
                "100.64.0.0/10 shared by a carrier",
                "127.0.0.0/8 loopback",
                "169.254.0.0/16 link-local, where clouds serve their metadata",
                "172.16.0.0/12 private",
                "192.0.0.0/24 reserved for protocols",
                "192.0.2.0/24 for documentation",
                "192.88.99.0/24 a relay of 6to4",
                "192.168.0.0/16 private",
                "198.18.0.0/15 for benchmarks",
                "198.51.100.0/24 for documentation",
                "203.0.113.0/24 for documentation",
                "224.0.0.0/4 multicast",
                "240.0.0.0/4 reserved",
                "::/128 unspecified",
                "::1/128 loopback",
                "64:ff9b:1::/48 local NAT64",
                "100::/64 for discarding",
                "2001::/23 reserved for protocols",
                "2001:db8::/32 for documentation",
                "3fff::/20 for documentation",
                "5f00::/16 for segment routing",
                "fc00::/7 private",
                "fe80::/10 link-local",
                "fec0::/10 site-local",
                "ff00::/8 multicast")) {
            String range = line.substring(0, line.indexOf(' '));
            ranges.put(AddressRange.parse(range), line.substring(range.length() + 1) + " (" + range + ")");
        }
        return ranges;
    }

    /** What is allowed beside public addresses. */
    public static final class Builder {

        private final List<String> hosts = new ArrayList<>();
        private final List<AddressRange> addresses = new ArrayList<>();
        private String hostSetting = "AddressGuard.builder().allowHost(\"%s\")";
        private String addressSetting = "AddressGuard.builder().allowAddress(\"%s\")";

        private Builder() {}

        /**
         * Allows a host by its name, whatever it resolves to.
         *
         * @param host a name, or {@code *.example.com} for all below it
         */
        public Builder allowHost(String host) {
            if (host.isBlank() || host.equals("*") || host.equals("*.") || host.indexOf('*', 1) >= 0) {
                throw new IllegalArgumentException(
                        "Cannot allow the host '" + host + "': write a name, or *.example.com for all below it");
            }
            hosts.add(host.toLowerCase(Locale.ROOT));
            return this;
        }

        /**
         * Allows addresses.
         *
         * @param range as {@code 10.1.0.0/16}, {@code fd00::/8} or a single address
         */
        public Builder allowAddress(String range) {
            addresses.add(AddressRange.parse(range));
            return this;
        }

        /**
         * How those who read an error can allow a host or an address, where that is not by calling this builder.
         *
         * @param host with {@code %s} for the host, as in {@code --allow-host %s}
         * @param address with {@code %s} for the address
         */
        public Builder settings(String host, String address) {
            hostSetting = host;
            addressSetting = address;
            return this;
        }

        public AddressGuard build() {
            return new AddressGuard(this);
        }
    }
}
