package sojourn.app.segments.language;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sojourn.app.contacts.BuiltInAttributes;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;
import sojourn.app.interactions.BuiltInProperties;

/** A catalogue with a bit of everything. */
final class Shop {

    static final Catalog CATALOG = new Catalog(
            Map.of(
                    "contact",
                    contact(),
                    "account",
                    profile(Map.of(
                            "name", Declaration.of(ValueType.TEXT),
                            "industry", Declaration.of(ValueType.TEXT),
                            "employees", Declaration.of(ValueType.NUMBER),
                            "plan", Declaration.option("basic", "pro"),
                            "labels", options("new", "50%"),
                            "foundedOn", Declaration.of(ValueType.DATE),
                            "active", Declaration.of(ValueType.BOOLEAN))),
                    "event",
                    profile(Map.of(
                            "name", Declaration.of(ValueType.TEXT),
                            "startsAt", Declaration.of(ValueType.TIMESTAMP))),
                    "event_registration",
                    profile(Map.of("status", Declaration.option("registered", "attended"))),
                    "marketing_list",
                    profile(Map.of("name", Declaration.of(ValueType.TEXT))),
                    "product",
                    profile(Map.of(
                            "name", Declaration.of(ValueType.TEXT),
                            "category", Declaration.of(ValueType.TEXT),
                            "price", Declaration.of(ValueType.NUMBER),
                            "plan", Declaration.option("basic", "pro"),
                            "labels", options("new", "50%"),
                            "releasedOn", Declaration.of(ValueType.DATE),
                            "maker", lookup("account")))),
            Map.of(
                    "contact_account", new Relation("contact", "account"),
                    "account_parent", new Relation("account", "account"),
                    "event_registration_contact", new Relation("event_registration", "contact"),
                    "event_registration_event", new Relation("event_registration", "event"),
                    "contact_marketing_list", new Relation("contact", "marketing_list"),
                    "recommended", new Relation("contact", "contact")),
            interactionTypes(),
            Set.of("vip", "loyal", "do_not_disturb", "lapsed-60d", "2026-new"));

    private static Map<String, Declaration> contact() {
        return with(
                BuiltInAttributes.all(),
                Map.of(
                        "tier", Declaration.option("gold", "silver", "Ölig"),
                        "interests", options("sailing", "reading", "İstanbul", "50%"),
                        "age", Declaration.of(ValueType.NUMBER),
                        "score", Declaration.of(ValueType.NUMBER),
                        "subscribed", Declaration.of(ValueType.BOOLEAN),
                        "birthday", Declaration.of(ValueType.DATE),
                        "lastCall", Declaration.of(ValueType.TIMESTAMP),
                        "motto", Declaration.of(ValueType.TEXT),
                        "not", Declaration.of(ValueType.TEXT),
                        "employer", lookup("account")));
    }

    private static Map<String, Map<String, Declaration>> interactionTypes() {
        return Map.of(
                "Purchase",
                with(
                        BuiltInProperties.all(),
                        Map.of(
                                "amount", Declaration.of(ValueType.NUMBER),
                                "cds", Declaration.of(ValueType.NUMBER),
                                "product", Declaration.of(ValueType.TEXT),
                                "size", Declaration.option("S", "M", "L"),
                                "gift", Declaration.of(ValueType.BOOLEAN),
                                "deliverOn", Declaration.of(ValueType.DATE),
                                "item", lookup("product"),
                                "not", lookup("product"),
                                "shared", Declaration.of(ValueType.TEXT))),
                "Return",
                with(
                        BuiltInProperties.all(),
                        Map.of(
                                "amount", Declaration.of(ValueType.NUMBER),
                                "shared", Declaration.of(ValueType.NUMBER))),
                "EmailOpened",
                BuiltInProperties.all(),
                "EmailClicked",
                BuiltInProperties.all(),
                "EventRegistered",
                BuiltInProperties.all());
    }

    private Shop() {}

    private static Map<String, Declaration> profile(Map<String, Declaration> own) {
        return with(
                Map.of(
                        "externalId", Declaration.of(ValueType.TEXT),
                        "createdAt", Declaration.of(ValueType.TIMESTAMP),
                        "updatedAt", Declaration.of(ValueType.TIMESTAMP)),
                own);
    }

    private static Declaration lookup(String type) {
        return new Declaration(ValueType.LOOKUP, List.of(), type);
    }

    private static Declaration options(String... options) {
        return new Declaration(ValueType.OPTIONS, List.of(options), null);
    }

    private static Map<String, Declaration> with(Map<String, Declaration> builtIn, Map<String, Declaration> own) {
        var all = new LinkedHashMap<>(builtIn);
        all.putAll(own);
        return all;
    }
}
