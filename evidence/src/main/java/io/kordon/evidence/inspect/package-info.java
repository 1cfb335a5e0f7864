/**
 * Reads what containers left on a node's volume that is mounted somewhere, without their runtime: containerd's and
 * Docker's data roots, logs, and the files that differ from the image. All of it may be an attacker's: nothing is followed
 * out of the root, nothing but regular files is opened, nothing is written, and everything is bounded.
 */
@NullMarked
package io.kordon.evidence.inspect;

import org.jspecify.annotations.NullMarked;
