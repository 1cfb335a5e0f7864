/** Tools for those who write rules: what rules say about events that are in a file, without a broker or a cluster. */
@NullMarked
package io.kordon.app.rules;

import org.jspecify.annotations.NullMarked;
