package sojourn.app.sandbox.demo;

import java.util.List;
import java.util.Map;

/** What the shop's marketer writes: types, segments, messages and the journey, as the API takes them. */
final class WinBack {

    static final String JOURNEY = "win-back";
    static final String LAPSED = "lapsed";
    static final String LAPSED_REGULARS = "lapsed-regulars";

    static final String PURCHASE_TYPE = """
            {"key": "Purchase", "properties": {"amount": "number", "cds": "number"}}""";

    static final String CONTACT_ATTRIBUTES = """
            {"attributes": {"tier": {"type": "option", "options": ["bronze", "silver", "gold"]},
                            "doNotDisturb": {"type": "boolean"}}}""";

    /** Queries by key, besides those of the {@link Facts}. */
    static final Map<String, String> SEGMENTS = Map.of(
            LAPSED_REGULARS,
            "SEGMENT(lapsed) INTERSECT SEGMENT(regulars)",
            "do-not-disturb",
            "PROFILE(contact).FILTER(ISTRUE(doNotDisturb))");

    /** As {@code POST /v1/messages} takes it. */
    record Message(String key, String channel, String purpose, String from, String subject, String html) {

        private Message(String key, String subject, String html) {
            this(key, "email", "commercial", "Shop <shop@example.com>", subject, html);
        }
    }

    static final List<Message> MESSAGES = List.of(
            new Message("we-miss-you", "{{ contact.firstName | default: 'Hello' }}, we miss you", """
                    <p>Dear {{ contact.firstName | default: 'you' }},</p>
                    <p>much has come in since you were here:
                    <a data-link="new" href="https://shop.example.com/new">see what is new</a>.</p>
                    """),
            new Message("ten-percent-off", "Ten percent off, {{ contact.firstName | default: 'for you' }}", """
                    <p>Because you had a look:
                    <a data-link="offer" href="https://shop.example.com/ten-percent">ten percent off everything</a>,
                    today only.</p>
                    """),
            new Message("top-ten", "What others listen to", """
                    <p>The <a data-link="top-ten" href="https://shop.example.com/top-ten">ten albums</a> of this week.</p>
                    """));

    private WinBack() {}

    /** The journey for the members of a segment, each of whose waits lasts so many seconds. */
    static String journey(String audience, int seconds) {
        return """
                {"key": "win-back", "document": {
                   "name": "Win back lapsed buyers", "timeZone": "UTC",
                   "audience": {"segments": ["%1$s"]},
                   "suppressionSegment": "do-not-disturb",
                   "reentry": {"policy": "never"},
                   "exit": {"interactions": [{"type": "Purchase", "filter": "amount > 0"}], "whenConsentWithdrawn": true},
                   "goal": {"interaction": {"type": "Purchase"}, "within": "P3D", "value": "amount"},
                   "purpose": "commercial",
                   "start": "remind",
                   "tiles": {
                     "remind": {"type": "email", "message": "we-miss-you", "expiry": "P1D", "next": "pause"},
                     "pause": {"type": "waitFor", "duration": "PT%2$dS", "next": "clicked"},
                     "clicked": {"type": "ifThen", "since": "run", "timeLimit": "PT%2$dS", "otherwise": "opened", "branches": [
                       {"name": "yes", "when": [{"interaction": {"type": "EmailClicked", "of": "remind"}}], "next": "offer"}]},
                     "offer": {"type": "email", "message": "ten-percent-off", "expiry": "P1D", "next": "patience"},
                     "opened": {"type": "ifThen", "since": "run", "timeLimit": "PT0S", "otherwise": "quiet", "branches": [
                       {"name": "yes", "when": [{"interaction": {"type": "EmailOpened", "of": "remind"}}], "next": "nudge"}]},
                     "nudge": {"type": "email", "message": "top-ten", "expiry": "P1D", "next": "patience"},
                     "patience": {"type": "waitFor", "duration": "PT%2$dS", "next": "undecided"},
                     "undecided": {"type": "end", "outcome": "undecided"},
                     "quiet": {"type": "end", "outcome": "no-interest"}}}}
                """.formatted(audience, seconds);
    }
}
