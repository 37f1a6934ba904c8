package me.musclemap.rum.chromium;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;

/** One tab of a {@link Chromium}. */
public final class Tab {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Chromium chromium;
    private final String target;
    private final String session;

    Tab(Chromium chromium, String target, String session) {
        this.chromium = chromium;
        this.target = target;
        this.session = session;
    }

    JsonNode call(String method, ObjectNode parameters) throws IOException {
        return chromium.call(method, parameters, session);
    }

    /** Goes to a page; returns when its document has been asked for, not when it is loaded. */
    public void go(String url) throws IOException {
        JsonNode answer = call("Page.navigate", JSON.createObjectNode().put("url", url));
        if (answer.has("errorText")) {
            throw new IOException(url + ": " + answer.path("errorText").asText());
        }
    }

    /** Runs before every script of every page from now on. */
    public void before(String script) throws IOException {
        call("Page.addScriptToEvaluateOnNewDocument", JSON.createObjectNode().put("source", script));
    }

    /** What the page says of itself in its headers. */
    public void callItself(String userAgent) throws IOException {
        call("Emulation.setUserAgentOverride", JSON.createObjectNode().put("userAgent", userAgent));
    }

    /**
     * Makes the network as slow as one of these, and the processor.
     *
     * @param roundTrip added to each request
     * @param bytesPerSecond each way; -1 for as fast as it is
     * @param slowdown of the processor, 1 for none
     */
    public void slow(Duration roundTrip, long bytesPerSecond, double slowdown) throws IOException {
        call("Network.enable", JSON.createObjectNode());
        call(
                "Network.emulateNetworkConditions",
                JSON.createObjectNode()
                        .put("offline", false)
                        .put("latency", roundTrip.toMillis())
                        .put("downloadThroughput", bytesPerSecond)
                        .put("uploadThroughput", bytesPerSecond));
        call("Emulation.setCPUThrottlingRate", JSON.createObjectNode().put("rate", slowdown));
    }

    /** Takes the network away, or gives it back. */
    public void offline(boolean isOffline) throws IOException {
        call("Network.enable", JSON.createObjectNode());
        call(
                "Network.emulateNetworkConditions",
                JSON.createObjectNode()
                        .put("offline", isOffline)
                        .put("latency", 0)
                        .put("downloadThroughput", -1)
                        .put("uploadThroughput", -1));
    }

    /** The value of an expression, which may be a promise. */
    public JsonNode evaluate(String expression) throws IOException {
        JsonNode answer = call(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException("the page failed: "
                    + answer.at("/exceptionDetails/exception/description").asText());
        }
        return answer.at("/result/value");
    }

    /**
     * Waits until an expression is true.
     *
     * @throws IOException if it is not within {@code atMost}
     */
    public void await(String expression, Duration atMost) throws IOException {
        long until = System.nanoTime() + atMost.toNanos();
        while (!evaluate("(() => { try { return Boolean(" + expression + "); } catch { return false; } })()")
                .asBoolean()) {
            if (System.nanoTime() > until) {
                throw new IOException("not within " + atMost.toSeconds() + " s: " + expression);
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** Presses and releases the mouse in the middle of an element. */
    public void click(String selector) throws IOException {
        JsonNode at = evaluate(
                "(() => { const e = document.querySelector('%s'); e.scrollIntoView({block: 'center', behavior: 'instant'});"
                                .formatted(selector)
                        + " const r = e.getBoundingClientRect(); return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
        for (String type : new String[] {"mousePressed", "mouseReleased"}) {
            call(
                    "Input.dispatchMouseEvent",
                    JSON.createObjectNode()
                            .put("type", type)
                            .put("x", at.path("x").asDouble())
                            .put("y", at.path("y").asDouble())
                            .put("button", "left")
                            .put("clickCount", 1));
        }
    }

    /** A picture of what is seen, as PNG. */
    public void picture(Path file) throws IOException {
        String png = call("Page.captureScreenshot", JSON.createObjectNode().put("format", "png"))
                .path("data")
                .asText();
        Files.write(file, Base64.getDecoder().decode(png));
    }

    /** Closes it, as a person does. */
    public void close() throws IOException {
        chromium.call("Target.closeTarget", JSON.createObjectNode().put("targetId", target), "");
    }
}
