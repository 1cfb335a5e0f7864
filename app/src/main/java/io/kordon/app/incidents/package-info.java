/** Incidents at the terminal: what analysts read, follow and decide. */
@NullMarked
package io.kordon.app.incidents;

import org.jspecify.annotations.NullMarked;
