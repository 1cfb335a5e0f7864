package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Optional;

/** Keeps one EndpointSlice per Service that selects pods: those of them that are ready. */
final class EndpointSliceController {
    static final String SERVICE = "kubernetes.io/service-name";

    private final SimulatedApi api;

    EndpointSliceController(SimulatedApi api) {
        this.api = api;
    }

    boolean reconcile() {
        boolean wrote = false;
        List<EndpointSlice> slices = api.stored(EndpointSlice.class);
        List<Pod> pods = api.stored(Pod.class);
        for (Service service : api.stored(Service.class)) {
            if (service.getSpec().getSelector() == null
                    || service.getSpec().getSelector().isEmpty()) {
                continue;
            }
            List<Endpoint> endpoints = pods.stream()
                    .filter(pod -> Controllers.together(service, pod) && Controllers.ready(pod))
                    .filter(pod -> Controllers.selects(service.getSpec().getSelector(), Controllers.labels(pod)))
                    .map(EndpointSliceController::endpoint)
                    .toList();
            Optional<EndpointSlice> existing = slices.stream()
                    .filter(slice -> Controllers.owns(service, slice))
                    .findFirst();
            if (existing.isEmpty() || !existing.orElseThrow().getEndpoints().equals(endpoints)) {
                api.store(existing.map(slice -> new EndpointSliceBuilder(slice)
                                .withEndpoints(endpoints)
                                .build())
                        .orElseGet(() -> slice(service, endpoints)));
                wrote = true;
            }
        }
        return wrote;
    }

    private static EndpointSlice slice(Service service, List<Endpoint> endpoints) {
        String name = service.getMetadata().getName();
        List<EndpointPort> ports = service.getSpec().getPorts().stream()
                .map(port -> new EndpointPortBuilder()
                        .withName(port.getName())
                        .withPort(port.getPort())
                        .withProtocol("TCP")
                        .build())
                .toList();
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(service.getMetadata().getNamespace())
                .withName(
                        name + "-" + GeneratedName.suffix(service.getMetadata().getUid()))
                .addToLabels(SERVICE, name)
                .addNewOwnerReference()
                .withApiVersion("v1")
                .withKind("Service")
                .withName(name)
                .withUid(service.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(endpoints)
                .withPorts(ports)
                .build();
    }

    private static Endpoint endpoint(Pod pod) {
        return new EndpointBuilder()
                .withAddresses(String.valueOf(pod.getStatus().getPodIP()))
                .withNewConditions()
                .withReady(true)
                .endConditions()
                .withNodeName(pod.getSpec().getNodeName())
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endTargetRef()
                .build();
    }
}
