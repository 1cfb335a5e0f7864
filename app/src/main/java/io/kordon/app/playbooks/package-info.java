/** Tools for those who write playbooks: what containment is asked for, and when. */
@NullMarked
package io.kordon.app.playbooks;

import org.jspecify.annotations.NullMarked;
