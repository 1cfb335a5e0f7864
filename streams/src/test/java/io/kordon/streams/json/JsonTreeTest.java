package io.kordon.streams.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
    private static final String DOCUMENT = """
            {"a": {"b": {"c": "nested"}, "b.c.d": "dotted inside", "list": [{"x": 1}, {"x": 2.5}, {"y": null}]},
             "a.flat": "dotted", "proc.aname[2]": "bracketed", "Case": "upper", "case": "lower",
             "whole": 9223372036854775807, "long": 9223372036854775808, "huge": 1e999, "yes": true, "none": null,
             "empty": {}, "nobody": [], "mixed": [1, [2, [null, "three"]], {"four": false}], "": "nameless",
             "e\\u0073caped": "spelt", "k/l": "slash", "twice": "one", "twice": {"in": "two"}, "twice": 3}""";

    static Stream<Arguments> fields() {
        return Stream.of(
                Arguments.of("a.b.c", "nested"),
                Arguments.of("a.b.c.d", "dotted inside"),
                Arguments.of("a.flat", "dotted"),
                Arguments.of("a.list.x", List.of(1L, 2.5)),
                Arguments.of("a.list.y", null),
                Arguments.of("a.b", List.of("nested")),
                Arguments.of("proc.aname[2]", "bracketed"),
                Arguments.of("proc.aname", null),
                Arguments.of("Case", "upper"),
                Arguments.of("case", "lower"),
                Arguments.of("CASE", null),
                Arguments.of("whole", Long.MAX_VALUE),
                Arguments.of("long", new java.math.BigInteger("9223372036854775808")),
                Arguments.of("huge", "1e999"),
                Arguments.of("yes", true),
                Arguments.of("none", null),
                Arguments.of("empty", List.of()),
                Arguments.of("nobody", List.of()),
                Arguments.of("mixed", List.of(1L, 2L, "three", false)),
                Arguments.of("mixed.four", false),
                Arguments.of("", "nameless"),
                Arguments.of("escaped", "spelt"),
                Arguments.of("k/l", "slash"),
                Arguments.of("twice", List.of("one", "two", 3L)),
                Arguments.of("twice.in", "two"),
                Arguments.of("a.", null),
                Arguments.of(".a", null),
                Arguments.of("a..b", null));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void findsWhatAPathNames(String path, Object expected) throws MalformedJson {
        assertThat(JsonTree.of(DOCUMENT).field(path)).isEqualTo(expected);
        assertThat(parsed(DOCUMENT).field(path)).isEqualTo(expected);
    }

    @Test
    void tellsAFieldThatIsNullFromOneThatIsAbsent() {
        JsonTree tree = JsonTree.of(DOCUMENT);
        assertThat(tree.has("none")).isTrue();
        assertThat(tree.has("a.list.y")).isTrue();
        assertThat(tree.has("empty")).isTrue();
        assertThat(tree.has("a.c")).isFalse();
        assertThat(tree.has("nobody.x")).isFalse();
    }

    @Test
    void findsAPathAtAnyDepthUnderAKeyAndNowhereElse() {
        JsonTree tree = JsonTree.of("""
                {"x": 0, "in": {"x": 1, "deep": [{"x": 2}, [{"y": {"x": 3}}]]}, "out": {"x": 4}}""");
        assertThat(tree.anywhere("in", "x")).isEqualTo(List.of(1L, 2L, 3L));
        assertThat(tree.anywhere("in", "y.x")).isEqualTo(3L);
        assertThat(tree.hasAnywhere("in", "z")).isFalse();
        assertThat(tree.under("in", "x")).isEqualTo(1L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a.b\":1}",
                "{\"a\":{\"b\":1}}",
                "{\"a\" : {\"x\": \"\\u003c\", \"b\": 1}}",
                "{\"\\u0061\":{\"b\":1}}",
                "{\"x\":\"a\",\"y\":[\"a.b\"],\"a\":[{\"b\":1}]}",
                "{\"a\":{\"\\u0062\":1}}"
            })
    void searchesTextBeforeItParsesAndMissesNothing(String json) {
        assertThat(JsonTree.of(json).field("a.b")).isEqualTo(1L);
    }

    @Test
    void parsesNothingForAFieldThatTheTextDoesNotMention() {
        JsonText text = new JsonText("{\"proc.name\": \"proc.cwd is \\u003cNA\\u003e\", \"other\": {\"cwd\": 1}}");
        assertThat(text.mayHold("proc.cwd")).isFalse();
        assertThat(text.mayHold("proc.name")).isTrue();
        assertThat(text.mayHold("other.cwd")).isTrue();
        assertThat(text.mayHold("na")).isFalse();
        assertThat(text.mayHold("k8s.pod/x"))
                .as("'/' may be written with a backslash")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "null",
                "1",
                "\"text\"",
                "[{\"a\":1}]",
                "{\"a\":1",
                "{\"a\":1}}",
                "{\"a\":1} {\"b\":2}",
                "{\"a\":nope}",
                "{\"a\":\"\0\"}",
                "{'a':1}",
                "\0{}",
                "{\"a\":01}"
            })
    void refusesWhatIsNotOneJsonObject(String json) {
        assertThatThrownBy(() -> parsed(json)).isInstanceOf(MalformedJson.class).hasMessageMatching("(?s).{10,}");
        assertThat(JsonTree.of(json).field("b")).isNull();
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] bytes = "{\"a\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        bytes[6] = (byte) 0xC3;
        assertThatThrownBy(() -> JsonTree.parse(bytes, 0, bytes.length)).isInstanceOf(MalformedJson.class);
        byte[] utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE);
        assertThatThrownBy(() -> JsonTree.parse(utf16, 0, utf16.length)).isInstanceOf(MalformedJson.class);
    }

    @Test
    void refusesNestingBeyondTheLimitWithoutRunningOutOfStack() throws MalformedJson {
        for (String open : List.of("[", "{\"a\":")) {
            String deep = "{\"a\":" + open.repeat(100_000);
            assertThatThrownBy(() -> parsed(deep))
                    .isInstanceOf(MalformedJson.class)
                    .hasMessageContaining("200");
            assertThat(JsonTree.of(deep).texts()).isEmpty();
        }
        String allowed = "{\"a\":" + "[".repeat(199) + "7" + "]".repeat(199) + "}";
        assertThat(parsed(allowed).field("a")).isEqualTo(List.of(7L));
    }

    @Test
    void keepsAHundredThousandValuesOfOneKeySideBySide() throws MalformedJson {
        String json = "{" + "\"k\":1,".repeat(100_000) + "\"k\":2}";
        assertThat(parsed(json).field("k"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(100_001)
                .endsWith(2L);
    }

    @Test
    void readsTenMegabytesOfText() throws MalformedJson {
        String long10 = "x".repeat(10_000_000);
        assertThat(parsed("{\"a\":\"" + long10 + "\"}").field("a")).isEqualTo(long10);
        assertThatThrownBy(() -> parsed("{\"a\":" + "1".repeat(5_000) + "}")).isInstanceOf(MalformedJson.class);
    }

    private static JsonTree parsed(String json) throws MalformedJson {
        byte[] bytes = ("##" + json + "##").getBytes(StandardCharsets.UTF_8);
        return JsonTree.parse(Arrays.copyOf(bytes, bytes.length), 2, bytes.length - 4);
    }
}
