package io.kordon.streams.topology;

import io.kordon.streams.rule.RuleSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something made of the rules in force, made anew when those change. Safe for any number of threads. */
final class Current<T> {
    private final Supplier<RuleSet> rules;
    private final Function<RuleSet, T> maker;
    private final AtomicReference<@Nullable Made<T>> last = new AtomicReference<>();

    private record Made<T>(RuleSet rules, T value) {}

    Current(Supplier<RuleSet> rules, Function<RuleSet, T> maker) {
        this.rules = rules;
        this.maker = maker;
    }

    T get() {
        RuleSet now = rules.get();
        Made<T> made = last.get();
        if (made == null || made.rules != now) {
            made = make(now);
        }
        return made.value;
    }

    private synchronized Made<T> make(RuleSet now) {
        Made<T> made = last.get();
        if (made == null || made.rules != now) {
            made = new Made<>(now, maker.apply(now));
            last.set(made);
        }
        return made;
    }
}
