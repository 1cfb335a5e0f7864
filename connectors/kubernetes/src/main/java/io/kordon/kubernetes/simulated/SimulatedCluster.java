package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A Kubernetes API in this process, over plain HTTP on 127.0.0.1: objects can be created, read, listed, watched, patched,
 * applied and deleted. No controller, scheduler or kubelet runs behind it until {@link #startControllers()}.
 */
public final class SimulatedCluster implements AutoCloseable {
    /** The mock server logs every request at INFO. Held here: java.util.logging forgets loggers that nobody holds. */
    private static final Logger REQUEST_LOG = Logger.getLogger(MockWebServer.class.getName());

    static {
        if (REQUEST_LOG.getLevel() == null) {
            REQUEST_LOG.setLevel(Level.WARNING);
        }
    }

    private final MockWebServer server;
    private final SimulatedApi api;
    private final KubernetesClient client;

    private SimulatedCluster(MockWebServer server, SimulatedApi api, KubernetesClient client) {
        this.server = server;
        this.api = api;
        this.client = client;
    }

    /** Starts an empty cluster. {@code port} 0 takes any free port. */
    public static SimulatedCluster start(int port) {
        MockWebServer server = new MockWebServer();
        SimulatedApi api = new SimulatedApi();
        server.setDispatcher(new Forgetful(server, api));
        server.start(loopback(), port);
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getPort() + "/")
                .withNamespace("default")
                .withWatchReconnectInterval(100)
                .build();
        return new SimulatedCluster(
                server, api, new KubernetesClientBuilder().withConfig(config).build());
    }

    public int port() {
        return server.getPort();
    }

    /** Address of the API, without a slash at its end. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Client of this cluster; closed with it. */
    public KubernetesClient client() {
        return client;
    }

    /**
     * The example of Kordon's documentation: a Tomcat Deployment of two pods with its ReplicaSet, Service and disruption
     * budget, a shop's cart pod, DNS in kube-system, two workers and a control plane. Everything is some hours old.
     */
    public void seedTomcat() {
        new TomcatNamespace(Clock.systemUTC().instant()).objects().forEach(this::store);
    }

    /**
     * From now on every write is followed, before it is answered, by what would come of it in a real cluster: Deployments
     * and ReplicaSets keep their number of pods (and let go of those that no longer match), new pods run at once on a node
     * that takes them, EndpointSlices name the ready pods of Services.
     */
    public void startControllers() {
        api.startControllers();
    }

    /** Stores an object as it is, its UID and creation time too: what a client could not do through the API. */
    public void store(HasMetadata object) {
        String[] version = object.getApiVersion().split("/", -1);
        if (version.length == 2) {
            install(
                    version[0],
                    version[1],
                    object.getKind(),
                    object.getPlural(),
                    object.getMetadata().getNamespace() != null);
        }
        api.seed(object);
    }

    /** What the cluster's kubelets do for its API server. */
    public SimulatedKubelet kubelet() {
        return api.kubelet();
    }

    /** Makes a kind known that Kubernetes itself has not; requests for others that are custom are answered with 404. */
    public void install(String group, String version, String kind, String plural, boolean namespaced) {
        api.customKinds().install(group, version, kind, plural, namespaced);
    }

    /** Says who the API server takes its caller for, as {@code system:serviceaccount:NAMESPACE:NAME}. */
    public void actAs(String username) {
        api.actAs(username);
    }

    /** Requests so far (the last ten thousand), in the words of RBAC. */
    public List<ApiCall> calls() {
        return api.calls();
    }

    /** Starts the list of {@link #calls()} anew. */
    public void forgetCalls() {
        api.forgetCalls();
    }

    /** Answers the next {@code times} requests of this kind with an error: a rehearsal of a bad day. */
    public void failNext(String verb, String resource, int code, int times) {
        api.inject(verb, resource, code, times);
    }

    /** Delays the answer to the next request of this kind, which is carried out at once. */
    public void slowNext(String verb, String resource, Duration delay) {
        api.slow(verb, resource, delay);
    }

    /**
     * Cuts the client off after so many requests, until {@link #reconnect()}: as if it had died there.
     *
     * @param carriedOut whether the request after them takes effect all the same, its answer being lost
     */
    public void cutOffAfter(int requests, boolean carriedOut) {
        api.burn(new Fuse(requests, carriedOut));
    }

    /** Hears the client again after {@link #cutOffAfter}. */
    public void reconnect() {
        api.burn(null);
    }

    /** Removes every object, without a request. */
    public void clear() {
        api.clear();
    }

    /** Every object there is, as JSON, without a request. */
    public List<String> json() {
        return api.objects();
    }

    /** Loses its history, as an API server does after some minutes: who watches must list again (410). */
    public void forgetHistory() {
        api.expireWatches();
    }

    /** Answers 503 to everything, and ends all watches, until it {@linkplain #comeBack() comes back}. */
    public void goAway() {
        api.goAway();
    }

    /** Answers again. What was {@linkplain #store stored} or {@linkplain #remove removed} meanwhile is seen by listing only. */
    public void comeBack() {
        api.comeBack();
    }

    /** Removes an object without a request, so that it also works while the API is away. */
    public void remove(HasMetadata object) {
        api.lose(object);
    }

    @Override
    public void close() {
        client.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not stop the simulated Kubernetes API on port " + port(), e);
        }
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** The mock server queues every request for a test to take; a cluster that runs for days must not. */
    private static final class Forgetful extends Dispatcher {
        private final MockWebServer server;
        private final SimulatedApi api;

        Forgetful(MockWebServer server, SimulatedApi api) {
            this.server = server;
            this.api = api;
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            try {
                while (server.takeRequest(0, TimeUnit.MILLISECONDS) != null) {
                    // taken so that it can be collected
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return api.dispatch(request);
        }

        @Override
        public void shutdown() {
            api.shutdown();
        }
    }
}
