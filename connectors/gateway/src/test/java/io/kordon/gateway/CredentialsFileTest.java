package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.decoding.AuditDecoder;
import io.kordon.decoding.FalcoDecoder;
import io.kordon.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsFileTest {
    private static final Topics TOPICS = new Topics();
    private static final List<Webhook> WEBHOOKS = List.of(
            new Webhook("/v1/falco", new FalcoDecoder(), TOPICS.falcoEvents()),
            new Webhook("/v1/audit", new AuditDecoder(), TOPICS.auditEvents()));

    @TempDir
    private Path folder;

    @Test
    void readsEveryWayOfProof() throws IOException {
        Files.writeString(folder.resolve("token"), "0123456789abcdef\n");
        Credentials credentials = read("""
                hmac-window: 30s
                senders:
                  - {name: a, webhooks: [falco], cluster: prod, basic: {user: u, password: [00000000, 11111111]}}
                  - {name: b, webhooks: [falco, audit], bearer: {token-file: token}}
                  - name: c
                    webhooks: [audit]
                    clusters: [x, y]
                    hmac:
                      key: ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"]
                  - {name: d, webhooks: [falco], certificate: {subject: "CN=d, O=Example", san: "ip:10.0.0.1"}}
                """);

        assertThat(credentials.window()).isEqualTo(Duration.ofSeconds(30));
        assertThat(credentials.senders()).extracting(KnownSender::name).containsExactly("a", "b", "c", "d");
        assertThat(credentials.senders().get(0).webhooks()).containsExactly("/v1/falco");
        assertThat(credentials.senders().get(1).clusters()).containsExactly("own");
        assertThat(credentials.senders().get(2).clusters()).containsExactlyInAnyOrder("x", "y");
        assertThat(credentials.basic("u:00000000")).as("zeros as written").isNotNull();
        assertThat(credentials.basic("u:11111111"))
                .extracting(match -> match.secret())
                .isEqualTo(2);
        assertThat(credentials.basic("u:0")).isNull();
        assertThat(credentials.bearer("0123456789abcdef")).isNotNull();
        assertThat(credentials.bearer("u:00000000")).isNull();
        assertThat(credentials.signer("c")).isNotNull();
        assertThat(credentials.signer("a")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: a, webhooks: [falco], basic: {user: u, password: s3cret!}} | each password must have 8",
                "{name: a, webhooks: [falco], basic: {user: 'u:x', password: s3cret!!}} | user must be",
                "{name: a, webhooks: [falco], basic: {user: u}} | 1 to 16 of password and password-file",
                "{name: a, webhooks: [falco], basic: {user: u, passwort: s3cret!!}} | 1 to 16 of password",
                "{name: a, webhooks: [falco], basic: {user: u, password: s3cret!!, pin: 1}} | a key here is not known",
                "{name: a, webhooks: [falco], bearer: {token: s3cret!}} | each token must have 16",
                "{name: a, webhooks: [falco], bearer: {token: 's3cret s3cret s3cret'}} | each token must have 16",
                "{name: a, webhooks: [falco], hmac: {key: s3cret!}} | each key must have 32",
                "{name: a, webhooks: [falco], bearer: {token-file: nothing}} | nothing cannot be read: there is no such",
                "{name: a, webhooks: [falco], bearer: {token-file: .}} | it is no regular file",
                "{name: a, webhooks: [falco]} | exactly one of basic, bearer, hmac, certificate",
                "{name: a, webhooks: [falco], hmac: {}, bearer: {}} | exactly one of",
                "{name: a, webhooks: [falko], hmac: {}} | webhooks may be falco, audit",
                "{name: a, hmac: {}} | webhooks is missing",
                "{name: A, webhooks: [falco], hmac: {}} | name must be",
                "{name: anonymous, webhooks: [falco], hmac: {}} | name must be",
                "{name: 'kafka:falco', webhooks: [falco], hmac: {}} | name must be",
                "{webhooks: [falco], hmac: {}} | name is missing",
                "{name: a, webhooks: [falco], cluster: 'x y', hmac: {}} | a cluster's name is",
                "{name: a, webhooks: [falco], cluster: x, clusters: [y], hmac: {}} | a sender has either",
                "{name: a, webhooks: [falco], certificate: {subject: x}} | subject must be a distinguished name",
                "{name: a, webhooks: [falco], certificate: {san: x}} | san must be dns:NAME",
                "{name: a, webhooks: [falco], certificate: {}} | a subject or a san is needed",
                "{name: a, name: b, webhooks: [falco], hmac: {}} | a key stands here twice",
                "s3cret | a sender must be keys with values",
                "[[[[[[[[s3cret]]]]]]]] | this is nested too deep",
                "&x {a: s3cret, b: *x} | aliases are not taken here",
            })
    void namesTheLineOfAProblemAndNeverASecret(String sender, String problem) {
        assertThatThrownBy(() -> read("senders:\n- " + sender + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("credentials.yaml:2:")
                .hasMessageContaining(problem)
                .satisfies(refused -> assertThat(refused.toString()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | :1: the file is empty",
                "senders: [] | senders must be a list with at least one item",
                "sender: [] | senders must be a list",
                "{senders: [{name: a}], window: 5m} | a key here is not known; known are hmac-window, senders",
                "{senders: [{name: a}], hmac-window: 5} | credentials.yaml:1:37: hmac-window must be a time from 10s to 60m",
                "{senders: s3cret: @x | credentials.yaml:1:19: this is not YAML",
                "{senders: [{name: a}], hmac-window: 61m} | hmac-window must be a time from 10s to 60m",
            })
    void refusesAFileOfAnotherShape(String text, String problem) {
        assertThatThrownBy(() -> read(text))
                .hasMessageContaining(problem)
                .satisfies(refused -> assertThat(refused.toString()).doesNotContain("s3cret", "@x"));
    }

    @Test
    void namesTheFirstProblemOfEverySender() {
        assertThatThrownBy(() -> read("senders:\n- {name: A}\n- {name: b}\n"))
                .hasMessageContainingAll(
                        "credentials.yaml:2:10: name must be", "credentials.yaml:3:3: webhooks is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "basic: {user: u, password: 00000000} | basic: {user: u, password: 11111111} | another sender has this user",
                "bearer: {token: 0123456789abcdef} | bearer: {token: 0123456789abcdef} | another sender has the same secret",
                "certificate: {subject: 'CN=x,O=Y'} | certificate: {subject: 'cn=X, o=y'} | another sender has the same",
                "certificate: {san: 'dns:x.y'} | certificate: {san: 'dns:X.Y'} | another sender has the same subject or san",
            })
    void refusesTwoSendersThatCouldNotBeToldApart(String one, String two, String problem) {
        assertThatThrownBy(() -> read("senders:\n- {name: a, webhooks: [falco], " + one + "}\n- {name: b, webhooks:"
                        + " [falco], " + two + "}\n"))
                .hasMessageContaining("credentials.yaml:3:")
                .hasMessageContaining(problem);
    }

    @Test
    void refusesCertificatesThatNobodyIsAskedFor() throws IOException {
        Path file = Files.writeString(
                folder.resolve("credentials.yaml"),
                "senders:\n- {name: a, webhooks: [falco], certificate: {subject: CN=a}}\n");

        assertThatThrownBy(() -> new CredentialsFile(file, "own", WEBHOOKS, false).read(new FileReads()))
                .hasMessageContaining("set kordon.gateway.tls.client-ca");
    }

    @Test
    void refusesBytesThatAreNoText() throws IOException {
        Path file = Files.write(folder.resolve("credentials.yaml"), "senders: ü".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> new CredentialsFile(file, "own", WEBHOOKS, true).read(new FileReads()))
                .hasMessageContaining("is not text in UTF-8");
    }

    private Credentials read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("credentials.yaml"), text);
        return new CredentialsFile(file, "own", WEBHOOKS, true).read(new FileReads());
    }
}
