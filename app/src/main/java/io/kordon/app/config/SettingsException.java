package io.kordon.app.config;

import java.util.List;

/** What is wrong with the settings, all of it. */
public final class SettingsException extends RuntimeException {
    private final transient List<String> problems;

    /** @param problems one line each, with the key and where its value came from */
    public SettingsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
