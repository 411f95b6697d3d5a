package io.automationhub.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.NonRetriableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    private static InetSocketAddress address(String host, String literal) throws UnknownHostException {
        return new InetSocketAddress(
                InetAddress.getByAddress(host, InetAddress.getByName(literal).getAddress()), 80);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, this network",
        "10.255.255.255, private",
        "100.64.0.1, shared",
        "127.0.0.1, loopback",
        "127.255.255.254, loopback",
        "169.254.169.254, metadata",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.0.0.170, reserved",
        "192.0.2.1, documentation",
        "192.168.0.1, private",
        "198.18.0.1, benchmarks",
        "198.19.255.255, benchmarks",
        "198.51.100.7, documentation",
        "203.0.113.9, documentation",
        "224.0.0.1, multicast",
        "255.255.255.255, reserved",
        "::, unspecified",
        "::1, loopback",
        "::127.0.0.1, loopback",
        "::ffff:10.0.0.1, private",
        "64:ff9b::7f00:1, loopback",
        "64:ff9b:1::1, NAT64",
        "2002:7f00:1::, loopback",
        "2001::1, reserved",
        "2001:db8::1, documentation",
        "fc00::1, private",
        "fd00:ec2::254, private",
        "fe80::1, link-local",
        "fec0::1, site-local",
        "ff02::1, multicast"
    })
    void whatIsNotPublicIsRefusedByNameOfItsRule(String literal, String rule) throws UnknownHostException {
        InetSocketAddress address = address("inner.example", literal);
        assertThatThrownBy(() -> AddressGuard.publicOnly().check(address))
                .isInstanceOfSatisfying(NonRetriableException.class, e -> {
                    assertThat(e.kind()).isEqualTo(AddressGuard.KIND_BLOCKED);
                })
                .hasMessageContainingAll(rule, "inner.example", "allowHost(\"inner.example\")", "allowAddress(\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.1",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::808:808",
                "2002:808:808::"
            })
    void publicAddressesPass(String literal) {
        assertThatCode(() -> AddressGuard.publicOnly().check(address("host.example", literal)))
                .doesNotThrowAnyException();
    }

    @Test
    void anAllowedHostPassesWhateverItResolvesTo() {
        AddressGuard guard = AddressGuard.builder()
                .allowHost("Vault.example")
                .allowHost("*.corp.example")
                .build();
        assertThatCode(() -> guard.check(address("vault.EXAMPLE", "10.0.0.1"))).doesNotThrowAnyException();
        assertThatCode(() -> guard.check(address("a.b.corp.example", "10.0.0.1")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> guard.check(address("corp.example", "10.0.0.1")))
                .hasMessageContaining("private");
        assertThatThrownBy(() -> guard.check(address("evilcorp.example", "10.0.0.1")))
                .hasMessageContaining("private");
        assertThatThrownBy(() -> guard.check(address("vault.example.evil.example", "10.0.0.1")))
                .hasMessageContaining("private");
    }

    @Test
    void anAllowedRangePassesAndItsNeighboursDoNot() {
        AddressGuard guard = AddressGuard.builder()
                .allowAddress("10.1.0.0/17")
                .allowAddress("fd00::/8")
                .allowAddress("127.0.0.1")
                .build();
        assertThatCode(() -> guard.check(address("x", "10.1.127.255"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> guard.check(address("x", "10.1.128.0"))).hasMessageContaining("private");
        assertThatCode(() -> guard.check(address("x", "fd12::1"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> guard.check(address("x", "fc12::1"))).hasMessageContaining("private");
        assertThatCode(() -> guard.check(address("x", "127.0.0.1"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> guard.check(address("x", "127.0.0.2"))).hasMessageContaining("loopback");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "::/129",
                "10.0.0/x",
                "example.com",
                "10.0.0.0/8/8",
                "1.2.3.4.5"
            })
    void aRangeThatIsNoneIsRefused(String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddressGuard.builder().allowAddress(range))
                .withMessageContaining("10.0.0.0/8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "*", "*.", "a.*.b"})
    void aHostThatIsNoneIsRefused(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddressGuard.builder().allowHost(host))
                .withMessageContaining("*.example.com");
    }
}
