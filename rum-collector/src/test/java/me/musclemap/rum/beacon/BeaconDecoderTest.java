package me.musclemap.rum.beacon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What libraries and browsers send, form by form. */
class BeaconDecoderTest {
    @Test
    void anInteractionOfVersionFiveNamesItsElement() throws Exception {
        var one = only("""
                {"name":"INP","value":224,"rating":"needs-improvement","delta":24,"entries":[{"name":"pointerdown","entryType":"event","startTime":1500,"duration":224}],
                "id":"v5-1795350193196-3889930129438","navigationType":"navigate","attribution":{"interactionTarget":"#app>button.save","interactionType":"pointer",
                "interactionTime":1500,"nextPaintTime":1724,"processedEventEntries":[{"name":"click"}],"inputDelay":3,"processingDuration":200,"presentationDelay":21,
                "loadState":"complete","longAnimationFrameEntries":[],"longestScript":null}}""");

        assertThat(one.vital()).isEqualTo(Vital.INP);
        assertThat(one.value()).isEqualTo(224);
        assertThat(one.target()).isEqualTo("#app>button.save");
    }

    @Test
    void aShiftNamesItsElementAndAPaintOfVersionFourToo() throws Exception {
        assertThat(
                        only("{\"name\":\"CLS\",\"value\":0.3,\"id\":\"v6-1\",\"attribution\":{\"largestShiftTarget\":\"div.feed\"}}")
                                .target())
                .isEqualTo("div.feed");
        assertThat(
                        only("{\"name\":\"LCP\",\"value\":900,\"id\":\"v4-1\",\"attribution\":{\"element\":\"img.hero\",\"url\":\"https://x/y?token=1\"}}")
                                .target())
                .isEqualTo("img.hero");
        assertThat(
                        only("{\"metric\":\"CLS\",\"value\":118,\"id\":\"v5-1\",\"page\":\"/a\",\"attribution\":{\"largestShiftTarget\":\"div\"}}")
                                .target())
                .isEqualTo("div");
    }

    @ParameterizedTest
    @CsvSource({
        "navigate,LOAD",
        "reload,LOAD",
        "back-forward,LOAD",
        "restore,LOAD",
        "prerender,PRERENDER",
        "back-forward-cache,BFCACHE",
        "back_forward_cache,BFCACHE",
        "soft-navigation,SOFT"
    })
    void everyWayThatAPageViewBeginsIsKnown(String navigationType, Navigation navigation) throws Exception {
        assertThat(
                        only("{\"name\":\"LCP\",\"value\":44,\"rating\":\"good\",\"delta\":44,\"entries\":[],\"id\":\"v6-1\",\"navigationType\":\"%s\"}"
                                        .formatted(navigationType))
                                .navigation())
                .isEqualTo(navigation);
    }

    @Test
    void aSoftNavigationHasAPageOfItsOwn() throws Exception {
        Beacon beacon = decode("""
                {"v":1,"p":"aa","s":"bb","u":"/workouts","m":[{"n":"LCP","v":900,"id":"v6-1","nt":"navigate","u":"/workouts"},
                {"n":"LCP","v":60,"id":"v6-2","nt":"soft-navigation","u":"/workouts/42"},{"n":"TTFB","v":0,"id":"v6-3","nt":"soft-navigation"}],
                "tp":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","sr":0.25,"sd":true,"ect":"4g","gpc":false,"wd":null}""");

        assertThat(beacon.measurements())
                .extracting(Measurement::page)
                .containsExactly("/workouts", "/workouts/42", "");
        assertThat(beacon.sampledShare()).isEqualTo(0.25);
        assertThat(beacon.connection()).isEqualTo(Connection.SAVE_DATA);
        assertThat(beacon.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(beacon.session()).isEqualTo("bb");
        assertThat(beacon.optedOut()).isFalse();
        assertThat(beacon.driven()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "1.01", "0.001", "\"\"x\"\"", "true"})
    void aShareThatCannotBeIsRejected(String rate) throws Exception {
        Beacon beacon = decode("{\"p\":\"a\",\"sr\":%s,\"m\":[{\"n\":\"LCP\",\"v\":1,\"id\":\"x\"}]}"
                .formatted(rate.replace("\"\"", "\"")));

        assertThat(beacon.measurements()).isEmpty();
        assertThat(beacon.rejections()).containsExactly(Reason.BAD_SAMPLE_RATE);
    }

    @Test
    void whatIsNotANumberIsNotTakenForOneAndTheRestIsKept() throws Exception {
        Beacon beacon = decode("""
                [{"name":"LCP","value":null,"id":"a"},{"name":"LCP","value":"120","id":"b"},{"name":"FCP","value":120,"id":"c"},
                {"name":"CLS","value":-0.1,"id":"d"},{"name":"NOPE","value":1,"id":"e"},{"name":"INP","value":80}]""");

        assertThat(beacon.measurements()).extracting(Measurement::id).containsExactly("c");
        assertThat(beacon.rejections())
                .containsExactly(
                        Reason.NOT_A_NUMBER,
                        Reason.NOT_A_NUMBER,
                        Reason.IMPOSSIBLE_VALUE,
                        Reason.UNKNOWN_METRIC,
                        Reason.NO_ID);
    }

    @Test
    void aChangeDownwardsIsTakenAsOne() throws Exception {
        var one = only("{\"metric\":\"CLS\",\"value\":-20,\"id\":\"v5-1\",\"timestamp\":7}");

        assertThat(one.value()).isEqualTo(-0.02);
        assertThat(one.isDelta()).isTrue();
    }

    @Test
    void thePlansMetricsAreKnownByItsWordsAndNeedNoId() throws Exception {
        for (String name : List.of(
                "first_workout_log_ms",
                "time-to-first-workout-log",
                "3D model load time",
                "GraphQL query latency",
                "offline queue sync time")) {
            assertThat(only("{\"name\":\"%s\",\"value\":1200}".formatted(name)).id())
                    .isNotEmpty();
        }
    }

    @Test
    void aPageViewThatSendsTwiceKeepsTheMeasurementsOfBothBeaconsAndOneThatIsRepeatedIsKnownAgain() throws Exception {
        String first = customs(0);
        assertThat(decode(customs(1)).measurements())
                .extracting(Measurement::id)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(decode(first).measurements().stream()
                        .map(Measurement::id)
                        .toList());
        assertThat(decode(first).measurements())
                .isEqualTo(decode(first).measurements())
                .hasSize(2);
    }

    private static String customs(int sequence) {
        return """
                {"v":1,"s":"5f0c6b2e9d1a4c7b","p":"view-1","q":%d,"t":1795350186782,"u":"/a","m":[],
                "c":[{"n":"GRAPHQL_QUERY_LATENCY","v":120},{"n":"GRAPHQL_QUERY_LATENCY","v":340}]}""".formatted(sequence);
    }

    @Test
    void anAttributionOfAnySizeIsPassedOver() throws Exception {
        String frames =
                "{\"name\":\"long-animation-frame\",\"scripts\":[{\"sourceURL\":\"https://x/y.js\",\"duration\":12.5}]},"
                        .repeat(500);
        var one = only(
                "{\"name\":\"INP\",\"value\":96,\"id\":\"v5-1\",\"entries\":[],\"attribution\":{\"longAnimationFrameEntries\":["
                        + frames.substring(0, frames.length() - 1)
                        + "],\"interactionTarget\":\"button\",\"loadState\":null}}");

        assertThat(one.target()).isEqualTo("button");
    }

    @Test
    void namesThatStandTwiceAndNullsAreNoTrouble() throws Exception {
        Beacon beacon = decode("""
                {"p":"x","p":null,"s":null,"rel":"1","rel":"2","sr":null,"ect":null,"m":[null,7,[],{"n":null,"v":1,"id":"a"},{"n":"LCP","v":1,"v":2,"id":17,"nt":null,"a":null}]}""");

        assertThat(beacon.measurements()).hasSize(1);
        assertThat(beacon.measurements().get(0).value()).isEqualTo(2);
        assertThat(beacon.measurements().get(0).id()).isEqualTo("17");
        assertThat(beacon.release()).isEqualTo("2");
        assertThat(beacon.pageView()).isEmpty();
        assertThat(beacon.rejections()).hasSize(4).containsOnly(Reason.UNKNOWN_METRIC);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1",
                "{}{}",
                "{\"name\":\"LCP\"",
                "LCP=1200",
                "{\"m\":[{\"n\":\"LCP\",\"v\":NaN}]}"
            })
    void whatIsNotOneValueOfJsonIsUnreadable(String body) {
        assertThatThrownBy(() -> decode(body)).isInstanceOf(UnreadableBeaconException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "\"LCP\"",
                "[]",
                "{}",
                "[[[]]]",
                "{\"metrics\":[]}",
                "{\"m\":[]}",
                "{\"name\":\"LCP\"}"
            })
    void otherJsonIsCountedAsAnUnknownForm(String body) throws Exception {
        assertThat(decode(body).rejections()).containsExactly(Reason.UNKNOWN_FORM);
    }

    @Test
    void metricsBelowANameAreAListToo() throws Exception {
        assertThat(decode(
                                "{\"metrics\":[{\"name\":\"LCP\",\"value\":1,\"id\":\"a\"},{\"name\":\"INP\",\"value\":8,\"id\":\"b\"}]}")
                        .measurements())
                .hasSize(2);
    }

    private static Measurement only(String body) throws UnreadableBeaconException {
        Beacon beacon = decode(body);
        assertThat(beacon.rejections()).isEmpty();
        assertThat(beacon.measurements()).hasSize(1);
        return beacon.measurements().get(0);
    }

    private static Beacon decode(String body) throws UnreadableBeaconException {
        return new BeaconDecoder().decode(body.getBytes(StandardCharsets.UTF_8));
    }
}
