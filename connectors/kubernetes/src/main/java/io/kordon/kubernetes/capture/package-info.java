/**
 * What can be had of a pod before it is contained or killed: its objects, logs, processes, connections, changed files,
 * checkpoints and snapshots, written into one bundle. What comes out of the pod's containers is data under an attacker's
 * control: bounded in bytes and time, never interpreted, and marked as not to be trusted.
 */
@NullMarked
package io.kordon.kubernetes.capture;

import org.jspecify.annotations.NullMarked;
