package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One search against one field {@code f}, for every modifier and kind of value. */
class ValueMatchingTest {
    @ParameterizedTest(name = "{0} against {1}: {2}")
    @MethodSource
    void holdsAFieldAgainstAValue(String search, Object value, boolean matches) {
        assertThat(Rules.search(search).matches(TestEvent.of("f", value))).isEqualTo(matches);
    }

    static Stream<Arguments> holdsAFieldAgainstAValue() {
        return Stream.of(
                // plain text: the whole of it, whatever the case
                arguments("{f: abc}", "ABC", true),
                arguments("{f: abc}", "abcd", false),
                arguments("{f: Straße}", "straßE", true),
                arguments("{f: ÄÖ}", "äö", true),
                arguments("{f: '4688'}", 4688L, true),
                arguments("{f: 'true'}", true, true),
                arguments("{f: '2147483648'}", 2147483648.0, true),
                // wildcards and escapes
                arguments("{f: 'a*c'}", "abbbc", true),
                arguments("{f: 'a*c'}", "ac", true),
                arguments("{f: 'a*c'}", "acd", false),
                arguments("{f: 'a?c'}", "abc", true),
                arguments("{f: 'a?c'}", "ac", false),
                arguments("{f: 'a?c'}", "a\uD83D\uDE00c", true),
                arguments("{f: '*x*y?z'}", "1X2Y3Z", true),
                arguments("{f: '*ab*ab'}", "ab", false),
                arguments("{f: '*'}", "", true),
                arguments("{f: '*'}", null, false),
                arguments("{f: '*'}", List.of(), false),
                arguments("{f: 'a\\*c'}", "a*c", true),
                arguments("{f: 'a\\*c'}", "abc", false),
                arguments("{f: 'a\\?c'}", "a?c", true),
                arguments("{f: 'a\\\\*c'}", "a\\xc", true),
                arguments("{f: 'a\\\\\\*c'}", "a\\*c", true),
                arguments("{f: 'a\\\\\\*c'}", "a\\bc", false),
                arguments("{f: 'a\\c'}", "a\\c", true),
                arguments("{f: 'a\\\\c'}", "a\\c", true),
                arguments("{f: 'a\\\\\\\\c'}", "a\\\\c", true),
                // empty and null
                arguments("{f: ''}", "", true),
                arguments("{f: ''}", null, false),
                arguments("{f: ''}", "x", false),
                arguments("{f: null}", null, true),
                arguments("{f: }", null, true),
                arguments("{f: null}", "", false),
                arguments("{g: null}", "x", true),
                arguments("{f: [null, x]}", "X", true),
                arguments("{f: [null, x]}", null, true),
                // booleans and numbers
                arguments("{f: true}", true, true),
                arguments("{f: true}", "True", true),
                arguments("{f: true}", false, false),
                arguments("{f: 403}", 403L, true),
                arguments("{f: 403}", "403", true),
                arguments("{f: 403}", 403.0, true),
                arguments("{f: 403}", "4030", false),
                arguments("{f: 9223372036854775807}", Long.MAX_VALUE, true),
                arguments("{f: 9223372036854775807}", Long.MAX_VALUE - 1, false),
                arguments("{f: 9223372036854775808}", BigInteger.ONE.shiftLeft(63), true),
                arguments("{f|gt: 2147483648}", "2.658500608e+09", true),
                arguments("{f|gt: 2147483648}", 2147483648L, false),
                arguments("{f|gt: 2147483648}", 2147483648.5, true),
                arguments("{f|gt: 2147483648}", 1.9 * 1024 * 1024 * 1024, false),
                arguments("{f|gt: 2147483648}", "2.476GiB", false),
                arguments("{f|gt: 2147483648}", Double.NaN, false),
                arguments("{f|gt: 2147483648}", "Infinity", false),
                arguments("{f|gte: 5}", 5L, true),
                arguments("{f|lt: 5}", 5L, false),
                arguments("{f|lte: 5}", 5.0, true),
                arguments("{f|lt: -1.5}", "-1.6", true),
                arguments("{f|gt: 5}", null, false),
                arguments("{f|gt: 5}", true, false),
                // contains, startswith, endswith
                arguments("{f|contains: BCD}", "abcde", true),
                arguments("{f|contains: bd}", "abcde", false),
                arguments("{f|contains: 'b*d'}", "abcde", true),
                arguments("{f|contains: 68}", 4688L, true),
                arguments("{f|contains: ''}", "abc", true),
                arguments("{f|startswith: AB}", "abc", true),
                arguments("{f|startswith: bc}", "abc", false),
                arguments("{f|endswith: BC}", "abc", true),
                arguments("{f|endswith: abcd}", "abc", false),
                arguments("{f|endswith: '\\cmd.exe'}", "C:\\Windows\\CMD.EXE", true),
                // cased
                arguments("{f|cased: Abc}", "Abc", true),
                arguments("{f|cased: Abc}", "abc", false),
                arguments("{f|contains|cased: B}", "aBc", true),
                arguments("{f|contains|cased: B}", "abc", false),
                arguments("{f|cased: 'A?c*'}", "AbcD", true),
                arguments("{f|cased: 'A?c*'}", "abcD", false),
                // lists in the rule, and in the event
                arguments("{f: [a, b]}", "B", true),
                arguments("{f: [a, b]}", "c", false),
                arguments("{f|contains|all: [a, b]}", "xbxa", true),
                arguments("{f|contains|all: [a, b]}", "xbx", false),
                arguments("{f: a}", List.of("x", "A"), true),
                arguments("{f: a}", List.of("x", "y"), false),
                arguments("{f|all: [a, b]}", List.of("b", "a"), true),
                arguments("{f|all: [a, b]}", List.of("b", "c"), false),
                arguments("{f|gt: 5}", List.of(1L, 9L), true),
                // neq
                arguments("{f|neq: a}", "b", true),
                arguments("{f|neq: a}", "A", false),
                arguments("{f|neq: [a, b]}", "b", false),
                arguments("{f|neq: 5}", 6L, true),
                arguments("{f|neq: a}", null, true),
                // re
                arguments("{f|re: 'b.d'}", "abcde", true),
                arguments("{f|re: 'B.D'}", "abcde", false),
                arguments("{f|re|i: 'B.D'}", "abcde", true),
                arguments("{f|re: '^b'}", "a\nb", false),
                arguments("{f|re|m: '^b'}", "a\nb", true),
                arguments("{f|re: 'a.b'}", "a\nb", false),
                arguments("{f|re|s: 'a.b'}", "a\nb", true),
                arguments("{f|re|i|s: 'A.B'}", "a\nb", true),
                arguments("{f|re: '^4\\d+$'}", 4688L, true),
                arguments("{f|re|all: ['a', 'b']}", "ab", true),
                arguments("{f|re|contains: '^b|c$'}", "abc", true),
                arguments("{f|re|startswith: 'b|c'}", "abc", false),
                arguments("{f|re|startswith: 'b|a'}", "abc", true),
                arguments("{f|re|endswith: 'b|a'}", "abc", false),
                arguments("{f|re|endswith: 'b|c'}", "abc", true),
                // re beyond RE2: look-around, back-references, possessive and atomic, what Java writes otherwise
                // a brace that begins no repeat is a character
                arguments("{f|re: 'a{?b'}", "a{b", true),
                arguments("{f|re: '(x|\\${?y)+z'}", "$yx${yz", true),
                arguments("{f|re: '^\"({\\d})+\"'}", "\"{1}{2}\"", true),
                arguments("{f|re: '^a{,3}$'}", "a{,3}", true),
                arguments("{f|re: '^a{2,3}\\x{41}\\p{Lu}{2}$'}", "aaABC", true),
                arguments("{f|re: '^\\Q{?\\E{'}", "{?{", true),
                arguments("{f|re: '(?!x){a}{?[{}]'}", "{a}{}", true),
                arguments("{f|re: '(?!x)^\\d{2}${?'}", "12", true),
                arguments("{f|re: 'a(?!b)'}", "ab ac", true),
                arguments("{f|re: 'a(?!b)'}", "ab", false),
                arguments("{f|re: '(?<=x)b'}", "ab xb", true),
                arguments("{f|re: '(a|b)\\1'}", "abba", true),
                arguments("{f|re: '(a|b)\\1'}", "abab", false),
                arguments("{f|re: 'a++b'}", "aab", true),
                arguments("{f|re: '(?>a+)ab'}", "aaab", false),
                arguments("{f|re|i: 'A(?=B)'}", "xab", true),
                arguments("{f|re|m: '^b(?!c)'}", "a\nb", true),
                arguments("{f|re|s: 'a.b(?!c)'}", "a\nb", true),
                arguments("{f|re: '(?!x)[[&&a]b'}", "&b", true),
                arguments("{f|re: '(?!x)[]a]b'}", "]b", true),
                arguments("{f|re: '(?!x)[^]a]b'}", "cb", true),
                arguments("{f|re: '(?!x)[[:digit:]_]b'}", "7b", true),
                arguments("{f|re: '(?!x)[[:digit:]_]b'}", "db", false),
                arguments("{f|re: '(?!x)(?i)ABC'}", "xabc", true),
                arguments("{f|re: '(?i:AB(?=C))c'}", "abc", true),
                arguments("{f|re: '(?<n>a|b)\\k<n>{2}$'}", "xbbb", true),
                arguments("{f|re: '(a)\\1{2}(?!.)'}", "aaa", true),
                arguments("{f|re: '(a)\\1{2}(?!.)'}", "aa", false),
                arguments("{f|re: '(?<!x)\\Q(|[\\E'}", "(|[", true),
                arguments("{f|re: '(?<=a|bb)c'}", "bbc", true),
                arguments("{f|re: '^(?!.*evil).*$'}", "", true),
                arguments("{f|re: '^(?=.)'}", "", false),
                arguments("{f|re: '(?!$)'}", "", false),
                arguments("{f|re: '^(?!.*evil).*$'}", "an evil one", false),
                // dates
                arguments("{f|hour: 13}", "2024-02-29T13:45:59Z", true),
                arguments("{f|hour: 13}", "2024-02-29T13:45:59.123456789+02:00", true),
                arguments("{f|hour: 12}", "2024-02-29T13:45:59.123456789+02:00", false),
                arguments("{f|minute: 45}", "2024-02-29 13:45", true),
                arguments("{f|minute|lt: 45}", "2024-02-29 13:45", false),
                arguments("{f|minute|lte: 45}", "2024-02-29 13:45", true),
                arguments("{f|gt|day: 28}", "2024-02-29", true),
                arguments("{f|day|gte: 29}", "2024-02-28", false),
                arguments("{f|hour: 0}", "2024-02-29", false),
                arguments("{f|month: 2}", "2024-02-29", true),
                arguments("{f|month|neq: 2}", "2024-02-29", false),
                arguments("{f|month|neq: 2}", "2024-03-01", true),
                arguments("{f|month: [1, 3]}", "2024-03-01", true),
                arguments("{f|year: 2024}", "2024-02-29", true),
                arguments("{f|week: 1}", "2024-12-30", true),
                arguments("{f|week: 53}", "2021-01-03", true),
                arguments("{f|month: 2}", "2023-02-29", false),
                arguments("{f|hour: 1}", "2024-02-29T25:00", false),
                arguments("{f|year: 2024}", "soon", false),
                arguments("{f|year: 2024}", null, false),
                arguments("{f|hour: 22}", 1700000000L, true),
                arguments("{f|minute: 13}", 1700000000123L, true),
                arguments("{f|day: 14}", 1700000000123456L, true),
                arguments("{f|month: 11}", 1700000000123456789L, true),
                arguments("{f|year: 2023}", "1700000000", true),
                arguments("{f|year: 2023}", 1700000000.5, true),
                arguments("{f|year: 1970}", 4688L, false),
                arguments("{f|year: 1969}", -1L, false),
                arguments("{f|hour: 13}", "2024-02-29t13:45:59z", true),
                arguments("{f|hour: 13}", "2024-02-29T13:45:59Zz", false),
                arguments("{f|hour: 13}", "2024-02-29T13:451", false),
                arguments("{f|year: 2023}", "1e60", false),
                arguments("{f|hour: [22, 23, 0, 1]}", List.of("x", "2024-02-29T23:00:00Z"), true),
                // numbers that YAML writes otherwise
                arguments("{f: 0x17}", 23L, true),
                arguments("{f: 0x17}", "0X17", true),
                arguments("{f: 0x17}", 17L, false),
                arguments("{f: '0x17'}", 23L, false),
                arguments("{f: 0o17}", 15L, true),
                // cidr
                arguments("{f|cidr: 10.0.0.0/8}", "10.200.3.4", true),
                arguments("{f|cidr: 10.0.0.0/8}", "11.0.0.1", false),
                arguments("{f|cidr: 10.0.0.0/8}", "::ffff:10.1.2.3", true),
                arguments("{f|cidr: 192.168.1.128/25}", "192.168.1.127", false),
                arguments("{f|cidr: 0.0.0.0/0}", "255.255.255.255", true),
                arguments("{f|cidr: 0.0.0.0/0}", "::1", false),
                arguments("{f|cidr: 'fd00::/8'}", "fdff:1::2", true),
                arguments("{f|cidr: 'fd00::/8'}", "fe80::1", false),
                arguments("{f|cidr: '2001:db8:0:1::/64'}", "2001:DB8::1:0:0:0:1", true),
                arguments("{f|cidr: '2001:db8:0:1::/64'}", "2001:db8::2:0:0:0:1", false),
                arguments("{f|cidr: 10.0.0.0/8}", "10.0.0", false),
                arguments("{f|cidr: 10.0.0.0/8}", "dead.beef", false),
                arguments("{f|cidr: 10.0.0.0/8}", "10.0.0.256", false),
                arguments("{f|cidr: 10.0.0.0/8}", "010.0.0.1", false),
                arguments("{f|cidr: '::/0'}", "1::2::3", false),
                arguments("{f|cidr: '::/0'}", ":::", false),
                arguments("{f|cidr: '::/0'}", "1:2:3:4:5:6:7:8:9", false),
                // encodings; the three forms of foobar are those that pySigma expects
                arguments("{f|base64: foobar}", "Zm9vYmFy", true),
                arguments("{f|base64offset|contains: foobar}", "xxZm9vYmFyxx", true),
                arguments("{f|base64offset|contains: foobar}", "xxZvb2Jhcxx", true),
                arguments("{f|base64offset|contains: foobar}", "xxmb29iYXxx", true),
                arguments("{f|base64offset|contains: foobar}", "xxZm9vYmFxx", false),
                arguments("{f|utf16le|base64: foo}", "ZgBvAG8A", true),
                arguments("{f|wide|base64: foo}", "ZgBvAG8A", true),
                arguments("{f|utf16be|base64: foo}", "AGYAbwBv", true),
                arguments("{f|utf16|base64: foo}", "//5mAG8AbwA=", true),
                arguments("{f|wide|contains: cmd}", "xc\0m\0d\0", true),
                // windash
                arguments("{f|windash|contains: ' -enc '}", "ps /ENC x", true),
                arguments("{f|windash|contains: ' -enc '}", "ps \u2014enc x", true),
                arguments("{f|windash|contains: ' -enc '}", "ps +enc x", false),
                arguments("{f|windash|contains: ' -f a-b'}", "x /f a-b", true),
                arguments("{f|windash|contains: ' -f a-b'}", "x /f a/b", false),
                arguments("{f|windash|contains|all: [' -a ', ' /b ']}", "x /a \u2015b y", true),
                arguments("{f|windash|endswith: '-a -b -c -d'}", "x /a \u2013b \u2014c /d", true),
                arguments("{f|windash: '/c'}", "-C", true),
                arguments("{f|windash: '\u2013c'}", "/c", true),
                // an encoding needs to know which dash it is
                arguments("{f|windash|base64: -x}", "LXg=", true),
                arguments("{f|windash|base64: -x}", "L3g=", true),
                arguments("{f|windash|base64: -x}", "4oCTeA==", true),
                arguments("{f|windash|base64: -x}", "K3g=", false),
                arguments("{f|windash|base64offset|contains: ' -enc '}", "xxIC9lbmMgxx", true),
                arguments("{f|windash|wide|base64offset|contains: '-x'}", "xxLwB4Axx", true),
                arguments("{f|windash|wide|base64offset|contains: '-x'}", "xxLQB4Axx", true),
                arguments("{f|windash|wide|base64offset|contains: '-x'}", "xxEyB4Axx", true),
                arguments("{f|windash|wide|base64offset|contains: '-x'}", "xxKwB4Axx", false),
                arguments("{f|windash|wide|contains: '-a-b'}", "x/\0a\0-\0b\0", true),
                arguments("{f|windash|wide|contains: '-a-b'}", "x/\0a\0/\0b\0", false),
                arguments("{f|windash|wide|base64: '-a -b -c'}", "LwBhACAALQBiACAALwBjAA==", true),
                arguments("{f|windash|wide|base64|all: ['-a', '/a']}", "LwBhAA==", true),
                // wildcards under UTF-16 stay wildcards
                arguments("{f|wide: 'a*b'}", "a\0xyzb\0", true),
                arguments("{f|wide: 'a*b'}", "axyzb\0", false),
                arguments("{f|wide: 'a?b'}", "a\0x\0b\0", true),
                arguments("{f|wide: 'a?b'}", "a\0xb\0", false),
                arguments("{f|contains|wide: cmd}", "xc\0m\0d\0y", true),
                arguments("{f|utf16be|startswith: 'a\\*'}", "\0a\0*x", true),
                arguments("{f|utf16be|startswith: 'a\\*'}", "\0abc", false),
                // chains of SigmaHQ
                arguments("{f|utf16le|base64offset|contains: cmd}", "xxYwBtAGQAxx", true),
                arguments("{f|utf16le|base64offset|contains: cmd}", "xxMAbQBkAxx", true),
                arguments("{f|wide|base64offset|contains: [foo, bar]}", "xxiAGEAcgxx", true),
                arguments("{f|utf16|base64offset|contains: foo}", "xx/+ZgBvAG8Axx", true),
                arguments("{f|base64offset|contains: \u00e4\u00f6\u00fc}", "xxDpMO2w7xx", true),
                arguments("{f|contains|all: ['*']}", "", true),
                arguments("{f|startswith: '*'}", "x", true),
                arguments("{f|endswith|cased: ['A', 'B']}", "xB", true));
    }

    @Test
    void asksWhetherAFieldIsThere() {
        Matcher there = Rules.search("{f|exists: true}");
        Matcher missing = Rules.search("{f|exists: false}");
        assertThat(there.matches(TestEvent.of("f", null))).isTrue();
        assertThat(there.matches(TestEvent.of("g", "x"))).isFalse();
        assertThat(missing.matches(TestEvent.of("f", ""))).isFalse();
        assertThat(missing.matches(TestEvent.of("g", "x"))).isTrue();
    }

    @Test
    void comparesTwoFieldsOfOneEvent() {
        Matcher same = Rules.search("{f|fieldref: g}");
        assertThat(same.matches(TestEvent.of("f", "A", "g", "a"))).isTrue();
        assertThat(same.matches(TestEvent.of("f", "a*", "g", "abc"))).isFalse();
        assertThat(same.matches(TestEvent.of("f", "abc", "g", "a*"))).isFalse();
        assertThat(same.matches(TestEvent.of("f", 5L, "g", 5.0))).isTrue();
        assertThat(same.matches(TestEvent.of("f", List.of("x", "y"), "g", List.of("y", "z"))))
                .isTrue();
        assertThat(same.matches(TestEvent.of("f", null))).isFalse();
        assertThat(Rules.search("{f|fieldref|neq: g}").matches(TestEvent.of("f", "a", "g", "b")))
                .isTrue();
        assertThat(Rules.search("{f|cased|fieldref: g}").matches(TestEvent.of("f", "A", "g", "a")))
                .isFalse();
        assertThat(Rules.search("{f|startswith|fieldref: g}").matches(TestEvent.of("f", "abc", "g", "ab")))
                .isTrue();
        assertThat(Rules.search("{f|fieldref|endswith: g}").matches(TestEvent.of("f", "abc", "g", "ab")))
                .isFalse();
        assertThat(Rules.search("{f|fieldref|contains: g}").matches(TestEvent.of("f", "xaby", "g", "AB")))
                .isTrue();
        assertThat(Rules.search("{f|fieldref: [g, h]}").matches(TestEvent.of("f", "a", "g", "b", "h", "a")))
                .isTrue();
        assertThat(Rules.search("{f|fieldref|all: [g, h]}").matches(TestEvent.of("f", "a", "g", "b", "h", "a")))
                .isFalse();
    }

    @Test
    void putsInWhatPlaceholdersStandFor() {
        Placeholders known = new Placeholders(
                Map.of("servers", List.of("srv*", "db1"), "admins", List.of("root"), "ports", List.of("22", "80")));
        assertThat(expanded(known, "{f|expand: '%servers%'}", "SRV-7")).isTrue();
        assertThat(expanded(known, "{f|expand: '%servers%'}", "web")).isFalse();
        assertThat(expanded(known, "{f: '%servers%'}", "%servers%")).isTrue();
        assertThat(expanded(known, "{f|expand|contains: '%admins%@%servers%'}", "ssh root@db1 -v"))
                .isTrue();
        assertThat(expanded(known, "{f|expand|contains: '%admins%@%servers%'}", "ssh root@web"))
                .isFalse();
        assertThat(expanded(known, "{f|expand: '\\%plain%admins%'}", "%plainroot"))
                .isTrue();
        assertThat(expanded(known, "{f|expand: '100%'}", "100%")).isTrue();
        assertThat(expanded(known, "{f|expand: 'C:\\\\%admins%'}", "C:\\root")).isTrue();
        assertThat(expanded(known, "{f|expand: '%ports%'}", 80L)).isTrue();
        assertThat(expanded(known, "{f|expand|gt: '%ports%'}", 23L)).isTrue();
        assertThat(expanded(known, "{f|re|expand: '^%admins%[0-9]+$'}", "root12"))
                .isTrue();
        assertThat(expanded(known, "{f|base64|expand: '%admins%'}", "cm9vdA==")).isTrue();
        assertThat(expanded(known, "{'|expand': ['%admins%']}", "by root")).isTrue();
    }

    private static boolean expanded(Placeholders placeholders, String search, Object value) {
        ParsedRules parsed = new RuleParser(placeholders).parse("t", Rules.rule("s: " + search, "s"));
        assertThat(parsed.problems()).isEmpty();
        return ((DetectionRule) parsed.rules().get(0)).matcher().matches(TestEvent.of("f", value));
    }

    @Test
    void findsKeywordsInAnyTextOfTheEvent() {
        TestEvent event = TestEvent.of("a", "sekurlsa::LogonPasswords", "b", "other 42");
        assertThat(Rules.search("[nothing, 'logonpass']").matches(event)).isTrue();
        assertThat(Rules.search("[nothing]").matches(event)).isFalse();
        assertThat(Rules.search("logon").matches(event)).isTrue();
        assertThat(Rules.search("42").matches(event)).isTrue();
        assertThat(Rules.search("{'|all': [logon, other]}").matches(event)).isTrue();
        assertThat(Rules.search("{'|all': [logon, another]}").matches(event)).isFalse();
        assertThat(Rules.search("{'|re': '[0-9]{2}$'}").matches(event)).isTrue();
        assertThat(Rules.search("['log*words']").matches(event)).isTrue();
        assertThat(Rules.search("{'|contains': [zzz, OTHER]}").matches(event)).isTrue();
        assertThat(Rules.search("{'|cased': [OTHER]}").matches(event)).isFalse();
        assertThat(Rules.search("[{'|all': [logon, other]}, {b: x}]").matches(event))
                .isTrue();
        assertThat(Rules.search("{'|all': [logon, other], b: x}").matches(event))
                .isFalse();
    }

    @Test
    void asksForAllFieldsOfAMappingAndAnyItemOfAList() {
        TestEvent event = TestEvent.of("a", "1", "b", "2");
        assertThat(Rules.search("{a: 1, b: 2}").matches(event)).isTrue();
        assertThat(Rules.search("{a: 1, b: 3}").matches(event)).isFalse();
        assertThat(Rules.search("[{a: 9}, {b: 2}]").matches(event)).isTrue();
        assertThat(Rules.search("[{a: 9}, {b: 9}]").matches(event)).isFalse();
        assertThat(Rules.search("[{a: 9}, '2']").matches(event)).isTrue();
    }
}
