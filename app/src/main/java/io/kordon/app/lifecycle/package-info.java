/** How what was started is stopped: in order, once, and before the process ends. */
@NullMarked
package io.kordon.app.lifecycle;

import org.jspecify.annotations.NullMarked;
