/**
 * Sigma rules: reading them from YAML, compiling detections into matchers, resolving what correlations refer to. Pure:
 * it knows events only as {@link io.kordon.streams.rule.Fields} and nothing of where they come from.
 *
 * @see <a href="https://github.com/SigmaHQ/sigma-specification">Sigma specification 2.1</a>
 */
@NullMarked
package io.kordon.streams.rule;

import org.jspecify.annotations.NullMarked;
