package io.kordon.streams.topology;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something made of what is in force, made anew when that changes: when a source gives another instance than before. Safe
 * for any number of threads.
 */
final class Current<T> {
    private final Supplier<Recipe<T>> now;
    private final AtomicReference<@Nullable Made<T>> last = new AtomicReference<>();

    private record Recipe<T>(Object first, Object second, Supplier<T> maker) {
        boolean sameAs(Recipe<T> other) {
            return first == other.first && second == other.second;
        }
    }

    private record Made<T>(Recipe<T> by, T value) {}

    private Current(Supplier<Recipe<T>> now) {
        this.now = now;
    }

    static <A, T> Current<T> of(Supplier<A> source, Function<A, T> maker) {
        return new Current<>(() -> {
            A value = source.get();
            return new Recipe<>(value, value, () -> maker.apply(value));
        });
    }

    static <A, B, T> Current<T> of(Supplier<A> first, Supplier<B> second, BiFunction<A, B, T> maker) {
        return new Current<>(() -> {
            A one = first.get();
            B other = second.get();
            return new Recipe<>(one, other, () -> maker.apply(one, other));
        });
    }

    T get() {
        Recipe<T> recipe = now.get();
        Made<T> made = last.get();
        if (made == null || !made.by.sameAs(recipe)) {
            made = make(recipe);
        }
        return made.value;
    }

    private synchronized Made<T> make(Recipe<T> recipe) {
        Made<T> made = last.get();
        if (made == null || !made.by.sameAs(recipe)) {
            made = new Made<>(recipe, recipe.maker.get());
            last.set(made);
        }
        return made;
    }
}
