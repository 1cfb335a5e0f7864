package io.kordon.elasticsearch.kibana;

import java.util.List;

/** The dashboards, in the order in which a reader should meet them. */
public final class Dashboards {
    private Dashboards() {}

    public static List<Dashboard> all() {
        return List.of(
                OverviewDashboard.dashboard(),
                IncidentDashboard.dashboard(),
                SignalsDashboard.dashboard(),
                ResponseDashboard.dashboard(),
                PipelineDashboard.dashboard());
    }
}
