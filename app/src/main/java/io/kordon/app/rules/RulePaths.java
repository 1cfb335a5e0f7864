package io.kordon.app.rules;

import io.kordon.app.config.PlaceholderFile;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules that a person names on the command line. */
final class RulePaths {
    private RulePaths() {}

    /** The rules of these paths, and among its problems why others are not. */
    static RuleSet rules(List<Path> paths, @Nullable Path placeholders) {
        ParsedRules parsed = RuleFiles.read(EventFile.readable(paths), PlaceholderFile.read(placeholders));
        return RuleSet.of(parsed.rules(), parsed.problems());
    }
}
