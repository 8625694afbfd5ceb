using Florist.Adapters.Templates;
using Florist.Messaging;

namespace Florist.Tests.Messaging.Templates;

public sealed class TemplateSectionsTests
{
    [Fact]
    public void A_file_falls_into_its_sections()
    {
        TemplateSections sections = TemplateSections.Parse("x.hbs", "=== subject\nHello\n=== body\n\nOne\n\nTwo\n");

        Assert.Equal("Hello", sections["subject"]);
        Assert.Equal("One\n\nTwo", sections["body"]);
        Assert.Throws<MessageRenderException>(() => sections["sms"]);
    }

    [Fact]
    public void Words_outside_any_section_are_a_mistake() =>
        Assert.Throws<MessageRenderException>(() => TemplateSections.Parse("x.hbs", "Hello\n=== subject\nHello"));

    [Fact]
    public void A_section_that_is_there_twice_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => TemplateSections.Parse("x.hbs", "=== sms\na\n=== sms\nb"));
}
