/** Documents that running instances follow, rules and playbooks: what is published, and how to change it. */
@NullMarked
package io.kordon.app.published;

import org.jspecify.annotations.NullMarked;
