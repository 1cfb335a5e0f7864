package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A Kubernetes API in this process, over plain HTTP and without any authentication, on 127.0.0.1 unless told otherwise:
 * objects can be created, read, listed, watched, patched, applied and deleted. No controller, scheduler or kubelet runs behind
 * it until {@link #startControllers()}.
 */
public final class SimulatedCluster implements AutoCloseable {
    /** The mock server logs every request at INFO. Held here: java.util.logging forgets loggers that nobody holds. */
    private static final Logger REQUEST_LOG = Logger.getLogger(MockWebServer.class.getName());

    private static final String LOOPBACK = "127.0.0.1";

    static {
        if (REQUEST_LOG.getLevel() == null) {
            REQUEST_LOG.setLevel(Level.WARNING);
        }
    }

    private final MockWebServer server;
    private final SimulatedApi api;
    private final String url;
    private final KubernetesClient client;

    private SimulatedCluster(MockWebServer server, SimulatedApi api, String url) {
        this.server = server;
        this.api = api;
        this.url = url;
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(url + "/")
                        .withNamespace("default")
                        .withWatchReconnectInterval(100)
                        .build())
                .build();
    }

    /** Starts an empty cluster for this machine alone. {@code port} 0 takes any free port. */
    public static SimulatedCluster start(int port) {
        return start(LOOPBACK, port);
    }

    /**
     * Starts an empty cluster for everybody who reaches {@code host}: it asks nobody who he is.
     *
     * @param host name or address to listen on; {@code 0.0.0.0} for all of this machine's
     * @param port 0 takes any free port
     * @throws IllegalStateException if it cannot listen there
     */
    public static SimulatedCluster start(String host, int port) {
        MockWebServer server = new MockWebServer();
        SimulatedApi api = new SimulatedApi();
        server.setDispatcher(new Forgetful(server, api));
        InetAddress address = address(host);
        try {
            server.start(address, port);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "the simulated Kubernetes API cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
        String reachable = address.isAnyLocalAddress() ? LOOPBACK : address.getHostAddress();
        String literal = reachable.contains(":") ? "[" + reachable + "]" : reachable;
        return new SimulatedCluster(server, api, "http://" + literal + ":" + server.getPort());
    }

    public int port() {
        return server.getPort();
    }

    /** Address of the API as this machine reaches it, without a slash at its end. */
    public String url() {
        return url;
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
     * Gives every pod a new UID, as after a real restart. UIDs of the seed never change, so whoever remembers an earlier
     * life of this cluster would take its pods for those that were contained then.
     */
    public void renewPods() {
        for (Pod pod : client.pods().inAnyNamespace().list().getItems()) {
            store(new PodBuilder(pod)
                    .editMetadata()
                    .withUid(UUID.randomUUID().toString())
                    .endMetadata()
                    .build());
        }
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

    /** With {@code host} as its name: the mock server would ask the network for one, and wait where there is none. */
    private static InetAddress address(String host) {
        try {
            return InetAddress.getByAddress(host, InetAddress.getByName(host).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "the simulated Kubernetes API cannot listen on " + host + ": unknown host", e);
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
