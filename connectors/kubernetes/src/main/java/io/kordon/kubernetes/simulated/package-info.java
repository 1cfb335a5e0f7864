/**
 * A Kubernetes API server that needs no cluster: fabric8's mock server, made honest about what containment relies on
 * (server-side apply with field ownership, merge patches and deletions with preconditions). Behind {@code kordon demo}
 * and this module's tests; see {@code RATIONALE.md} for what it does not simulate.
 */
@NullMarked
package io.kordon.kubernetes.simulated;

import org.jspecify.annotations.NullMarked;
