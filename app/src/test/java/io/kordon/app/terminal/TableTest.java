package io.kordon.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.app.terminal.Table.Column;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    private final Table table = new Table(new Column("ID", 4), new Column("TITLE", 8), new Column("X", 3));

    @Test
    void alignsColumnsAndCutsWhatIsTooLong() {
        table.row("a", "short", "1");
        table.row("abcdef", "much too long", "23");

        assertThat(table.lines())
                .containsExactly(
                        "ID    TITLE     X", //
                        "a     short     1",
                        "abc…  much to…  23");
    }

    @Test
    void keepsFromTheTerminalWhatItWouldObeyBeforeItMeasures() {
        table.row("\u001b[2J", "a\nb\u202e", "\ud800");
        table.row(
                "x",
                "\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00",
                "y");

        assertThat(table.lines().get(1)).isEqualTo("·[2J  a·b·      ·");
        assertThat(table.lines().get(2)).doesNotContain("\ud83d…").endsWith("…  y");
    }

    @Test
    void wantsACellForEachColumn() {
        assertThatThrownBy(() -> table.row("a")).hasMessage("1 cells for 3 columns");
    }

    @ParameterizedTest
    @CsvSource({
        "PT2S, 2.0 s",
        "PT-1.5S, -1.5 s",
        "PT5M3S, 5 min 3 s",
        "PT2H5M59S, 2 h 5 min",
        "P3DT4H10M, 3 d 4 h",
    })
    void tellsDurationsInTheUnitsThatSaySomething(Duration duration, String text) {
        assertThat(Elapsed.of(duration)).isEqualTo(text);
    }
}
