package io.kordon.streams.incident;

/**
 * An analyst's word that a command may run although its playbook or a guardrail held it back.
 *
 * @param decisionId the decision
 * @param by who decided
 * @param reason why, may be empty
 * @param at epoch microseconds
 */
public record Approval(String decisionId, String by, String reason, long at) {
    public static Approval of(Verdict verdict) {
        return new Approval(verdict.id(), verdict.by(), verdict.reason(), verdict.at());
    }
}
