package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kordon.avro.EvidenceBundle;
import io.kordon.evidence.Bundles;
import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import io.kordon.kubernetes.capture.Capture;
import io.kordon.kubernetes.capture.CaptureFailure;
import io.kordon.kubernetes.capture.CaptureLimits;
import io.kordon.kubernetes.capture.CaptureParameters;
import io.kordon.kubernetes.capture.Subject;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores what can be had of the pod as evidence, before anything is killed. The bundle has the command's id: once sealed,
 * the step is done for good, whether the pod is still there or not.
 */
final class CaptureStep extends ContainmentStep {
    static final String ACTION = "capture";

    /** Origin of the bundles, as against those of a volume's examination. */
    private static final String ORIGIN = "capture";

    private final @Nullable Evidence evidence;

    /**
     * Where evidence goes, and how it is taken.
     *
     * @param podCheckpointDestination where kube-forensics, if installed, puts what it takes; empty for nowhere
     * @param retry for a store that is away
     */
    record Evidence(
            Bundles bundles,
            CaptureLimits limits,
            Clock clock,
            RetryPolicy retry,
            RetryPolicy.Pause pause,
            String podCheckpointDestination) {}

    /** Without a store: the step says what it is, and fails. */
    CaptureStep() {
        this.evidence = null;
    }

    CaptureStep(Evidence evidence) {
        this.evidence = evidence;
    }

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Stores evidence of the pod: manifests, events, logs, processes, connections, changed files, checkpoints and"
                + " snapshots, as far as they can be had.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                new Parameter(
                        CaptureParameters.CONTAINERS,
                        "",
                        "Names of the containers to look at, with commas; empty: all."),
                new Parameter(
                        CaptureParameters.LOG_BYTES,
                        Long.toString(CaptureParameters.DEFAULT_LOG_BYTES),
                        "Most bytes kept of each log, its last ones."),
                new Parameter(
                        CaptureParameters.EXEC,
                        "true",
                        "Whether programs are run in the pod's containers to see processes, connections and files."),
                new Parameter(
                        CaptureParameters.DEBUG_IMAGE,
                        "",
                        "Image of an ephemeral container for containers that have no shell; it stays in the pod's spec."
                                + " Empty: none."),
                new Parameter(
                        CaptureParameters.CHECKPOINT,
                        "true",
                        "Whether kubelet and kube-forensics are asked for checkpoints of the containers."),
                new Parameter(
                        CaptureParameters.SNAPSHOT,
                        "true",
                        "Whether snapshots of the pod's persistent volumes are asked for, where that kind is installed."));
    }

    @Override
    public Set<Permission> permissions() {
        return Capture.permissions(CaptureParameters.parse(Map.of(CaptureParameters.DEBUG_IMAGE, "any")), true);
    }

    @Override
    public String example() {
        return "capture: {debugImage: \"registry.example/busybox:1.36\"}";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        CaptureParameters parameters = parse(run.parameters());
        if (evidence == null) {
            throw new StepFailure("no evidence store is set: kordon.evidence.store");
        }
        try {
            return run(run, parameters, evidence);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("stopped during a capture", e);
        }
    }

    /** What was sealed before the pod went is there; where nothing was, it never will be. */
    @Override
    StepOutcome whenGone(StepRun run) throws StepFailure {
        return run(run);
    }

    private static StepOutcome run(StepRun run, CaptureParameters parameters, Evidence evidence)
            throws StepFailure, InterruptedException {
        BundleId id = new BundleId(
                run.command().getEntity().getCluster(),
                run.command().getIncidentId(),
                run.command().getId());
        Optional<Sealed> before = stored(evidence, () -> evidence.bundles().sealed(id));
        if (before.isPresent()) {
            String known =
                    "the evidence is stored since " + before.orElseThrow().sealedAt();
            return run.dryRun()
                    ? StepOutcome.wouldDo("nothing to do: " + known, observed(before.orElseThrow()))
                    : StepOutcome.captured(known, observed(before.orElseThrow()), bundle(before.orElseThrow()));
        }
        Pod pod = run.pod();
        Capture capture = new Capture(
                run.client(),
                evidence.limits(),
                evidence.clock(),
                evidence.pause()::of,
                run::markChanged,
                evidence.podCheckpointDestination());
        if (run.dryRun()) {
            return StepOutcome.wouldDo(
                    "would store " + String.join("; ", capture.plan(Serialization.asJson(pod), parameters)), Map.of());
        }
        Subject subject = new Subject(
                id.cluster(),
                id.incidentId(),
                id.id(),
                run.target().namespace(),
                run.target().name(),
                run.target().uid(),
                earlierLabels(pod));
        Sealed sealed = stored(evidence, () -> capture.take(subject, parameters, evidence.bundles(), id));
        run.markChanged();
        return StepOutcome.captured(
                sealed.files() + " files, " + sealed.bytes() + " bytes are stored"
                        + (sealed.missing() == 0
                                ? ""
                                : "; " + sealed.missing() + " pieces could not be had, the manifest says why"),
                observed(sealed),
                bundle(sealed));
    }

    private static CaptureParameters parse(Map<String, String> given) throws StepFailure {
        try {
            return CaptureParameters.parse(given);
        } catch (IllegalArgumentException e) {
            throw new StepFailure(String.valueOf(e.getMessage()));
        }
    }

    private interface Work<T> {
        T get() throws IOException, CaptureFailure, InterruptedException;
    }

    /** A store that is away comes back, mostly: what wanted it is done again from its beginning, and does no harm. */
    private static <T> T stored(Evidence evidence, Work<T> work) throws StepFailure, InterruptedException {
        long end = System.nanoTime() + evidence.limits().total().toNanos();
        for (int tried = 1; ; tried++) {
            try {
                return work.get();
            } catch (CaptureFailure e) {
                throw failure(e);
            } catch (IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("stopped during a capture");
                }
                if (tried == evidence.retry().attempts() || System.nanoTime() - end > 0) {
                    throw new StepFailure("the evidence could not be stored, nothing is sealed: " + reason(e)
                            + (tried == 1 ? "" : " (tried " + tried + " times)"));
                }
                evidence.pause().of(evidence.retry().delayAfter(tried));
            }
        }
    }

    /** A file system's exceptions often say the path alone. */
    private static String reason(IOException e) {
        return e instanceof FileSystemException files && files.getReason() == null
                ? e.getClass().getSimpleName() + ": " + e.getMessage()
                : String.valueOf(e.getMessage());
    }

    /** What another attempt may mend is the caller's to try again, as with any other request. */
    private static KubernetesClientException failure(CaptureFailure failure) {
        String message = String.valueOf(failure.getMessage());
        return new KubernetesClientException(message, failure.code(), status(failure.code(), message));
    }

    private static Status status(int code, String message) {
        Status status = new Status();
        status.setCode(code);
        status.setMessage(message);
        return status;
    }

    /** Labels that steps have taken off: what selected the pod when the attack was on. */
    private static Map<String, String> earlierLabels(Pod pod) {
        Map<String, String> labels = new LinkedHashMap<>();
        Hold.of(pod).before().path("metadata").path("labels").properties().forEach(label -> {
            if (label.getValue().isString()) {
                labels.put(label.getKey(), label.getValue().asString());
            }
        });
        return labels;
    }

    private static Map<String, String> observed(Sealed sealed) {
        Map<String, String> observed = new LinkedHashMap<>();
        observed.put("bundle", sealed.location());
        observed.put("digest", sealed.digest());
        observed.put("files", Integer.toString(sealed.files()));
        observed.put("bytes", Long.toString(sealed.bytes()));
        observed.put("missing", Integer.toString(sealed.missing()));
        return observed;
    }

    private static EvidenceBundle bundle(Sealed sealed) {
        return EvidenceBundle.newBuilder()
                .setLocation(sealed.location())
                .setDigest(sealed.digest())
                .setPrevious(sealed.previous().orElse(null))
                .setOrigin(ORIGIN)
                .setFiles(sealed.files())
                .setBytes(sealed.bytes())
                .setMissing(sealed.missing())
                .setSealedAt(sealed.sealedAt())
                .build();
    }
}
