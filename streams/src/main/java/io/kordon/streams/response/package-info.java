/** What to do about an incident: playbooks, when they apply, and the one command that each may issue per incident. */
@NullMarked
package io.kordon.streams.response;

import org.jspecify.annotations.NullMarked;
