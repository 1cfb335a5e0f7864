package io.kordon.streams.incident;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * MITRE ATT&amp;CK in Sigma's tags: {@code attack.t1190} and {@code attack.t1059.004} are techniques, {@code attack.g0007}
 * and {@code attack.s0029} groups and software, every other {@code attack.*} a tactic.
 *
 * @see <a href="https://github.com/SigmaHQ/sigma-specification">Sigma specification, tags appendix</a>
 */
final class Attack {
    private static final Pattern TECHNIQUE = Pattern.compile("t\\d{4}(\\.\\d{3})?");
    private static final Pattern GROUP_OR_SOFTWARE = Pattern.compile("[gs]\\d{4}");

    private Attack() {}

    static List<String> tactics(Collection<String> tags) {
        return ids(tags).stream()
                .filter(id -> !TECHNIQUE.matcher(id).matches()
                        && !GROUP_OR_SOFTWARE.matcher(id).matches())
                .toList();
    }

    static List<String> techniques(Collection<String> tags) {
        return ids(tags).stream()
                .filter(id -> TECHNIQUE.matcher(id).matches())
                .map(id -> id.toUpperCase(Locale.ROOT))
                .toList();
    }

    private static List<String> ids(Collection<String> tags) {
        return tags.stream()
                .map(tag -> tag.toLowerCase(Locale.ROOT))
                .filter(tag -> tag.startsWith("attack."))
                .map(tag -> tag.substring("attack.".length()))
                .toList();
    }
}
