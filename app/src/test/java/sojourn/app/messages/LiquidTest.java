package sojourn.app.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiquidTest {

    private static final Map<String, Object> VALUES = Map.of(
            "contact",
            Map.of(
                    "firstName", "<b onclick='x'>\"Ada\" & co",
                    "note", "one\n<two>",
                    "encoded", "%3Cscript%3E",
                    "colors", List.of("<red>", "blue"),
                    "attributes", Map.of("a-b", "dashed")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{{ contact.firstName }}                        ~ &lt;b onclick=&#39;x&#39;&gt;&quot;Ada&quot; &amp; co",
                "{{ contact.firstName | upcase | slice: 0, 2 }} ~ &lt;B",
                "{{ contact.encoded | url_decode }}             ~ &lt;script&gt;",
                "{{ contact.firstName | escape }}               ~ &lt;b onclick=&#39;x&#39;&gt;&quot;Ada&quot; &amp; co",
                "{{ contact.colors }}                           ~ &lt;red&gt;blue",
                "{{ contact.colors | join: '+' }}               ~ &lt;red&gt;+blue",
                "{{- contact.encoded | url_decode -}}           ~ &lt;script&gt;",
                "{% assign x = contact.firstName | slice: 0 %}{{ x }} ~ &lt;",
                "{% capture x %}{{ contact.firstName | slice: 0 }}{% endcapture %}{{ x | raw }} ~ &lt;",
                "{% for c in contact.colors %}{{ c }}{% endfor %} ~ &lt;red&gt;blue",
                "{{ '<i>' | raw }}                              ~ <i>",
                "𝒜é {{ contact.colors.first }}                  ~ 𝒜é &lt;red&gt;",
                "{{ contact.none | default: '<p>' }}            ~ &lt;p&gt;",
                "{% raw %}{{ contact.firstName }}{% endraw %}   ~ {{ contact.firstName }}",
                "{{ contact['attributes']['a-b'] }}             ~ dashed",
            })
    void html_never_has_markup_that_the_author_did_not_write(String template, String rendered) throws Exception {
        assertThat(Liquid.compile(template, Liquid.Output.HTML).render(VALUES)).isEqualTo(rendered);
    }

    @Test
    void line_breaks_become_markup_and_nothing_else_does() throws Exception {
        var template = Liquid.compile("{{ contact.note | newline_to_br }}", Liquid.Output.HTML);

        assertThat(template.render(VALUES)).isEqualToIgnoringWhitespace("one<br />&lt;two&gt;");
    }

    @Test
    void text_is_left_as_it_is() throws Exception {
        var template = Liquid.compile("{{ contact.firstName }}", Liquid.Output.TEXT);

        assertThat(template.render(VALUES)).isEqualTo("<b onclick='x'>\"Ada\" & co");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "Hello {{ contact.x                    # 19 # syntax",
                "{{ a b }}                             # 1 # syntax",
                "{% include 'etc/passwd' %}            # 1 # unknown-tag",
                "Hello{%- render 'x' %}                # 6 # unknown-tag",
                "{% cycle contact.firstName, 'a' %}    # 1 # unknown-tag",
                "{{ contact.firstName | uppcase }}     # 24 # unknown-filter",
                "{% if x %}y                           # 12 # syntax",
            })
    void what_cannot_be_understood_is_refused_with_its_position(String template, int column, String code) {
        var wrong =
                catchThrowableOfType(LiquidSyntaxException.class, () -> Liquid.compile(template, Liquid.Output.TEXT));

        assertThat(wrong.code()).isEqualTo(code);
        assertThat(wrong.line()).isEqualTo(1);
        assertThat(wrong.column()).isEqualTo(column);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in (1..2000000000) %}{% endfor %}",
                "{% for i in (1..5000) %}{% for j in (1..5000) %}x{% endfor %}{% endfor %}",
                "{% assign x = 'aaaaaaaaaa' %}{% for i in (1..100) %}{% assign x = x | append: x %}{% endfor %}{{ x }}",
                "{% assign x = 'aaaaaaaaaa' %}{% for i in (1..100) %}{% assign x = x | replace: 'a', x %}{% endfor %}",
                "{% assign x = 9.5 %}{% for i in (1..100) %}{% assign x = x | times: x %}{% endfor %}{{ x }}",
                "{% assign x = 'a,b' | split: ',' %}{% for i in (1..60) %}{% assign x = x | concat: x %}{% endfor %}",
                "{% assign x = 'a,b' | split: ',' %}{% for i in (1..60) %}{% assign x = x | join: 'ababababab' | split: 'b' %}{% endfor %}",
                "{{ 'now' | date: '%999999999Y' }}",
                "{{ 1 | divided_by: 0 }}",
            })
    @Timeout(20)
    void a_template_that_runs_away_is_stopped(String template) throws Exception {
        var compiled = Liquid.compile(template, Liquid.Output.TEXT);

        assertThatThrownBy(() -> compiled.render(VALUES)).isInstanceOf(RenderingException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{% if a %}", "{% ifchanged %}", "{{ ", "{{ a | upcase }}", "((((", "{% for a in b %}", "}}"})
    @Timeout(20)
    void huge_and_deep_input_is_answered_soon(String piece) {
        assertThat(Duration.ofSeconds(20)).isPositive();
        try {
            Liquid.compile(piece.repeat(20_000), Liquid.Output.HTML).render(VALUES);
        } catch (LiquidSyntaxException | RenderingException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Test
    void fields_are_found_wherever_they_are_used() throws Exception {
        var template = Liquid.compile("""
                {% assign own = contact.a %}{{ own.b }}
                  {% if contact.address.city == journey.key %}{{ contact['c'] | append: contact.d[own].e }}{% endif %}
                {% for item in contact.list %}{{ item.x }}{{ forloop.index }}{% endfor %}
                """, Liquid.Output.TEXT);

        assertThat(template.references().stream().map(field -> String.join(".", field.path())))
                .containsExactlyInAnyOrder(
                        "contact.a", "contact.address.city", "journey.key", "contact.c", "contact.d", "contact.list");
        assertThat(template.references())
                .contains(new LiquidReference(List.of("contact", "address", "city"), new TextPosition(2, 9)));
    }
}
