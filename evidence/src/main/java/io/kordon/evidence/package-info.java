/** Bundles of evidence: files of one pod at one time, sealed by a manifest that names each with its SHA-256. */
@NullMarked
package io.kordon.evidence;

import org.jspecify.annotations.NullMarked;
