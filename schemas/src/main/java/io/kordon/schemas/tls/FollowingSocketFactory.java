package io.kordon.schemas.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/** A factory that asks another, which may change, for every socket. */
final class FollowingSocketFactory extends SSLSocketFactory {
    private final Supplier<SSLSocketFactory> current;

    FollowingSocketFactory(Supplier<SSLSocketFactory> current) {
        this.current = current;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return current.get().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return current.get().getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
        return current.get().createSocket();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        return current.get().createSocket(socket, host, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return current.get().createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return current.get().createSocket(host, port, localHost, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return current.get().createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return current.get().createSocket(host, port, localHost, localPort);
    }
}
