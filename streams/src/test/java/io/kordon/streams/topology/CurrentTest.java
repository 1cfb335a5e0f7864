package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CurrentTest {
    @Test
    void isMadeAnewWhenEitherSourceGivesAnotherInstance() {
        AtomicReference<List<String>> rules = new AtomicReference<>(List.of("a"));
        AtomicReference<List<String>> playbooks = new AtomicReference<>(List.of("p"));
        Current<List<List<String>>> current = Current.of(rules::get, playbooks::get, List::of);

        List<List<String>> first = current.get();
        assertThat(current.get()).isSameAs(first);

        playbooks.set(List.of("q"));
        List<List<String>> second = current.get();
        assertThat(second).isEqualTo(List.of(List.of("a"), List.of("q")));
        assertThat(current.get()).isSameAs(second);

        rules.set(List.of("b"));
        assertThat(current.get()).isEqualTo(List.of(List.of("b"), List.of("q")));
    }
}
