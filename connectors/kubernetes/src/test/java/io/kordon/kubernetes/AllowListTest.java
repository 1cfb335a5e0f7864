package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dns | dns",
                "to=10.1.2.3 | to=10.1.2.3/32",
                "to=10.1.2.0/24:443 | to=10.1.2.0/24:443",
                " from=10.1.2.3 , dns | dns,from=10.1.2.3/32",
                "to=10.2.0.0/16,to=10.1.0.0/16,to=10.2.0.0/16 | to=10.1.0.0/16,to=10.2.0.0/16",
                "to=2001:DB8::1 | to=2001:db8::1/128",
                "to=[2001:db8::/64]:443 | to=[2001:db8::/64]:443",
                "from=2001:db8:0:0:1:0:0:1/128 | from=2001:db8::1:0:0:1/128"
            })
    void readsWhatIsToStayOpen(String text, String read) throws StepFailure {
        assertThat(AllowList.parse("allow", text)).hasToString(read);
        assertThat(AllowList.parse("allow", read)).hasToString(read);
    }

    @Test
    void isNothingWhereNothingIsSaid() throws StepFailure {
        assertThat(AllowList.parse("allow", " ").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DNS",
                "dns,",
                "10.1.2.3",
                "to=",
                "to=forensics.example.org:443",
                "to=0.0.0.0/0",
                "to=::/0",
                "to=10.1.2.3/24",
                "to=10.1.2.3/33",
                "to=10.1.2.3/032",
                "to=10.1.2.256",
                "to=010.1.2.3",
                "to=10.1.2.3:0",
                "to=10.1.2.3:65536",
                "to=10.1.2.3:",
                "to=10.1.2.3:443:444",
                "to=2001:db8::/64:443",
                "to=::ffff:10.1.2.3",
                "to=[2001:db8::1",
                "to=10.1.2.3 to=10.1.2.4"
            })
    void saysWhichEntryIsNone(String text) {
        assertThatThrownBy(() -> AllowList.parse("allow", text))
                .isInstanceOf(StepFailure.class)
                .hasMessageStartingWith("parameter allow:");
    }

    @Test
    void takesNoMoreThanSixteenHoles() {
        assertThatThrownBy(() -> AllowList.parse("allow", "dns,".repeat(16) + "dns"))
                .isInstanceOf(StepFailure.class)
                .hasMessageContaining("17 entries");
    }
}
