package io.automationhub.connectors.http;

import io.automationhub.engine.error.NonRetriableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** Sockets that ask the guard about the very address to which they are about to connect. */
final class GuardedSockets extends SocketFactory {

    private final AddressGuard guard;
    private final @Nullable InetSocketAddress proxy;

    /** @param proxy which the host chose, and which may be anywhere; null if there is none */
    GuardedSockets(AddressGuard guard, @Nullable InetSocketAddress proxy) {
        this.guard = guard;
        this.proxy = proxy;
    }

    /** A refusal on its way through a library that expects nothing but exceptions of input and output. */
    static final class Refusal extends IOException {

        private static final long serialVersionUID = 1L;

        private final NonRetriableException why;

        Refusal(NonRetriableException why) {
            super(why.getMessage(), why);
            this.why = why;
        }

        NonRetriableException why() {
            return why;
        }
    }

    void check(InetSocketAddress address) throws Refusal {
        if (proxy != null
                && proxy.getPort() == address.getPort()
                && proxy.getHostString().equals(address.getHostString())) {
            return;
        }
        try {
            guard.check(address);
        } catch (NonRetriableException e) {
            throw new Refusal(e);
        }
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void connect(SocketAddress endpoint, int timeout) throws IOException {
                check((InetSocketAddress) endpoint);
                super.connect(endpoint, timeout);
            }
        };
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port), new InetSocketAddress(localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connected(new InetSocketAddress(address, port), new InetSocketAddress(localAddress, localPort));
    }

    private Socket connected(InetSocketAddress target, @Nullable InetSocketAddress local) throws IOException {
        Socket socket = createSocket();
        try {
            if (local != null) {
                socket.bind(local);
            }
            socket.connect(target);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
