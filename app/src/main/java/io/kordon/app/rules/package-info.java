/** Rules at the terminal: what their authors check, publish and take back. */
@NullMarked
package io.kordon.app.rules;

import org.jspecify.annotations.NullMarked;
