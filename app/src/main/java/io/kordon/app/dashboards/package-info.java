/** Kordon's dashboards in Kibana: {@code kordon dashboards import|show}. */
@NullMarked
package io.kordon.app.dashboards;

import org.jspecify.annotations.NullMarked;
