/** What the processes log with: lines for a person, or lines of JSON in ECS. */
@NullMarked
package io.kordon.app.logging;

import org.jspecify.annotations.NullMarked;
