/**
 * Settings from a file, the environment and flags. Everything that is wrong is said at once, each with its key and where
 * it came from; the components take values, never this.
 */
@NullMarked
package io.kordon.app.config;

import org.jspecify.annotations.NullMarked;
