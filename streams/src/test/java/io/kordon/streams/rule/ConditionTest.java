package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    private static final String SEARCHES = "sel_a: {a: 1}\nsel_b: {b: 1}\nother: {c: 1}\n_hidden: {d: 1}";

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource({
        "sel_a, a, true",
        "sel_a, b, false",
        "not sel_a, b, true",
        "not not sel_a, a, true",
        "sel_a and sel_b, a, false",
        "sel_a and sel_b, ab, true",
        "sel_a or sel_b and other, a, true",
        "(sel_a or sel_b) and other, a, false",
        "not sel_a or sel_b, b, true",
        "not (sel_a or sel_b), c, true",
        "sel_a AND NOT sel_b, a, true",
        "1 of sel_*, b, true",
        "1 of sel_*, c, false",
        "any of sel_*, b, true",
        "all of sel_*, ab, true",
        "all of sel_*, a, false",
        "1 of *_b, b, true",
        "all of sel_a, a, true",
        "1 of them, c, true",
        "1 of them, d, false",
        "all of them, abc, true",
        "2 of them, ac, true",
        "2 of them, c, false",
        "not 1 of sel_*, c, true",
        "1 of sel_* and not other, ac, false",
        "1 of _*, d, true",
        "1 of *e*, d, false",
        "1 of *e*, c, true",
        "'[sel_a, other]', c, true",
        "'[sel_a, other]', b, false",
    })
    void joinsSearches(String condition, String present, boolean matches) {
        assertThat(Rules.detection(SEARCHES, condition).matches(event(present))).isEqualTo(matches);
    }

    @Property(tries = 1000)
    void agreesWithANaiveEvaluator(@ForAll long seed, @ForAll @IntRange(min = 1, max = 24) int size) {
        Expression expression = Expression.random(new Random(seed), size);
        Matcher compiled = Rules.detection(SEARCHES, "'" + expression.text + "'");
        for (String present : List.of("", "a", "b", "c", "ab", "ac", "bc", "abc", "d", "abcd")) {
            assertThat(compiled.matches(event(present)))
                    .as("%s with %s", expression.text, present)
                    .isEqualTo(expression.meaning.test(present));
        }
    }

    private static TestEvent event(String present) {
        Map<String, Object> fields = new HashMap<>();
        present.chars().forEach(c -> fields.put(String.valueOf((char) c), 1L));
        return new TestEvent(fields);
    }

    /** A condition made together with its meaning; its text has only the parentheses that precedence asks for, or more. */
    private record Expression(String text, int binding, Predicate<String> meaning) {
        static Expression random(Random random, int size) {
            if (size <= 1) {
                return leaf(random.nextInt(6));
            }
            if (random.nextInt(4) == 0) {
                Expression part = random(random, size - 1);
                return new Expression("not " + part.in(2), 2, part.meaning.negate());
            }
            int left = 1 + random.nextInt(size - 1);
            Expression first = random(random, left);
            Expression second = random(random, Math.max(1, size - left));
            return random.nextBoolean()
                    ? new Expression(first.in(0) + " or " + second.in(0), 0, first.meaning.or(second.meaning))
                    : new Expression(first.in(1) + "  and " + second.in(1), 1, first.meaning.and(second.meaning));
        }

        private static Expression leaf(int kind) {
            return switch (kind) {
                case 0 -> new Expression("sel_a", 3, present -> present.contains("a"));
                case 1 -> new Expression("sel_b", 3, present -> present.contains("b"));
                case 2 -> new Expression("other", 3, present -> present.contains("c"));
                case 3 -> new Expression("1 of sel_*", 3, present -> present.contains("a") || present.contains("b"));
                case 4 -> new Expression("all of them", 3, present -> present.contains("abc"));
                default -> new Expression("(_hidden)", 3, present -> present.contains("d"));
            };
        }

        private String in(int outer) {
            return binding < outer ? "(" + text + ")" : text;
        }
    }
}
