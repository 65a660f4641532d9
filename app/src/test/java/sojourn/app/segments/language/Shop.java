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
            with(
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
                            "employer", new Declaration(ValueType.LOOKUP, List.of(), "account"))),
            Map.of(
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
                    BuiltInProperties.all()),
            Set.of("vip", "loyal", "do_not_disturb", "lapsed-60d", "2026-new"));

    private Shop() {}

    private static Declaration options(String... options) {
        return new Declaration(ValueType.OPTIONS, List.of(options), null);
    }

    private static Map<String, Declaration> with(Map<String, Declaration> builtIn, Map<String, Declaration> own) {
        var all = new LinkedHashMap<>(builtIn);
        all.putAll(own);
        return all;
    }
}
