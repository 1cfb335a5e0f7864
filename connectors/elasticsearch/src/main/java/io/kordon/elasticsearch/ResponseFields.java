package io.kordon.elasticsearch;

import io.kordon.avro.Approval;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Finding;
import io.kordon.avro.OnFailure;
import org.jspecify.annotations.Nullable;

/** What several documents tell of a response: who approved it, what evidence was stored, what was found. */
final class ResponseFields {
    private ResponseFields() {}

    static void approval(Json json, String path, @Nullable Approval approval) {
        if (approval != null) {
            json.put(path + ".decision_id", approval.getDecisionId())
                    .put(path + ".by", approval.getBy())
                    .put(path + ".reason", approval.getReason())
                    .put(path + ".at", approval.getAt());
        }
    }

    static Json bundle(EvidenceBundle bundle) {
        Json json = new Json();
        bundle(json, "", bundle);
        return json;
    }

    /** @param path before every field, dot included */
    static void bundle(Json json, String path, EvidenceBundle bundle) {
        json.put(path + "location", bundle.getLocation())
                .put(path + "digest", bundle.getDigest())
                .put(path + "previous", bundle.getPrevious())
                .put(path + "origin", bundle.getOrigin())
                .put(path + "files", (long) bundle.getFiles())
                .put(path + "bytes", bundle.getBytes())
                .put(path + "missing", (long) bundle.getMissing())
                .put(path + "sealed_at", bundle.getSealedAt());
    }

    static Json finding(Finding finding) {
        return new Json()
                .put("kind", finding.getKind())
                .put("container", finding.getContainer())
                .put("path", finding.getPath())
                .put("sha256", finding.getSha256())
                .put("bytes", finding.getBytes())
                .put("indicator", finding.getIndicator())
                .put("level", Ecs.lower(finding.getLevel()))
                .put("detail", finding.getDetail());
    }

    /** What is not said otherwise: a step has the actuator's own timeout, and its failure stops the run. */
    static void limits(Json step, long timeoutMillis, OnFailure onFailure) {
        if (timeoutMillis > 0) {
            step.put("timeout_ms", timeoutMillis);
        }
        if (onFailure == OnFailure.CONTINUE) {
            step.put("on_failure", Ecs.lower(onFailure));
        }
    }
}
