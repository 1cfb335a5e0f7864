package io.kordon.elasticsearch.kibana;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dashboard on Kibana's grid of 48 columns.
 *
 * @param id stable, without prefix
 * @param from start of the time that it opens with, as {@code now-7d}
 */
public record Dashboard(
        String id, String title, String description, String from, List<Control> controls, List<Place> places) {
    static final int COLUMNS = 48;

    public Dashboard {
        controls = List.copyOf(controls);
        places = List.copyOf(places);
    }

    /** A choice of values above the panels; it filters all of them. */
    record Control(String id, String title, View view, String field) {}

    /**
     * Where something stands.
     *
     * @param opens id of the dashboard that a click on a value opens, filtered by it; null for none
     */
    public record Place(
            Content content,
            int x,
            int y,
            int width,
            int height,
            @Nullable String opens) {}
}
