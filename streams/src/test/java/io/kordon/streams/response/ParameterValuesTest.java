package io.kordon.streams.response;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterValuesTest {
    private final PlaybookParser parser = new PlaybookParser();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "isolate  | allow: [dns, 'to=10.1.2.3:443', 'from=10.9.0.0/16']",
                "isolate  | allow: 'dns, to=[2001:db8::/64]:443,from=2001:db8::1'",
                "label    | labels: 'status=affected,example.com/by='",
                "cordon   | labels: status=affected",
                "capture  | {containers: [tomcat, side-car], logBytes: 268435456, exec: false, debugImage: 'r.io/b:1@sha256:ab'}",
                "capture  | {containers: 'tomcat, side-car', checkpoint: true, snapshot: false}",
            })
    void takesWhatTheActuatorTakes(String action, String parameters) {
        assertThat(parse(action, parameters).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "isolate   | allow: [dns, 10.0.0.7]          | to=CIDR[:port]",
                "isolate   | allow: 'to=0.0.0.0/0'           | none of them /0",
                "isolate   | allow: 'from=::/0'              | none of them /0",
                "isolate   | allow: 'to=evil.example'        | not 'to=evil.example'",
                "isolate   | allow: 'to=10.0.0.256'          | not 'to=10.0.0.256'",
                "isolate   | allow: 'dns,,'                  | not 'dns,,'",
                "isolate   | allow: 'dns,dns,dns,dns,dns,dns,dns,dns,dns,dns,dns,dns,dns,dns,dns,dns,dns' | up to 16",
                "label     | labels: affected                | key=value",
                "cordon    | labels: {status: 'a b'}         | key=value",
                "capture   | logBytes: 1023                  | from 1024 to 268435456",
                "capture   | logBytes: 268435457             | from 1024 to 268435456",
                "capture   | logBytes: all                   | not 'all'",
                "capture   | exec: perhaps                   | true or false",
                "capture   | containers: Tomcat              | names of containers",
                "capture   | debugImage: '-rf'               | an image",
            })
    void refusesWhatTheActuatorWouldRefuse(String action, String parameters, String reason) {
        assertThat(parse(action, parameters).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("of '" + action + "' is ")
                        .contains(reason));
    }

    @ParameterizedTest
    @CsvSource({"scale, replicas, -3", "scale, replicas, few", "terminate, gracePeriodSeconds, soon"})
    void refusesItBehindTheCaptureToo(String action, String parameter, String value) {
        String text = "name: n\nsteps:\n  - capture\n  - " + action + ": {" + parameter + ": " + value + "}\n";
        assertThat(parser.parse("f.yml", text).problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).startsWith("f.yml:4:").contains("'" + value + "'"));
    }

    private PlaybookParser.Parsed parse(String action, String parameters) {
        String told = parameters.startsWith("{") ? parameters : "{" + parameters + "}";
        return parser.parse("f.yml", "name: n\nsteps:\n  - " + action + ": " + told + "\n");
    }
}
