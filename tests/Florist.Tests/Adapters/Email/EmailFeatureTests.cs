using Florist.Adapters.Email;
using Florist.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Adapters.Email;

public class EmailFeatureTests
{
    [Fact]
    public void Without_a_server_messages_go_to_a_folder() =>
        Assert.IsType<FolderEmailTransport>(Build().GetRequiredService<IEmailTransport>());

    [Fact]
    public async Task With_a_server_messages_go_there()
    {
        await using ServiceProvider services =
            Build(("Email:Smtp:Host", "smtp.example"), ("Email:FromAddress", "shop@florist.example"));

        Assert.IsType<SmtpTransport>(services.GetRequiredService<IEmailTransport>());
    }

    [Theory]
    [InlineData("Email:FromAddress", "nobody")]
    [InlineData("Email:ReturnPath", "nobody")]
    [InlineData("Email:Folder", "")]
    [InlineData("Email:Smtp:Host", "smtp.example")]
    [InlineData("Email:Smtp:Port", "65536")]
    [InlineData("Email:Smtp:ConnectionsMax", "0")]
    [InlineData("Email:Smtp:ConnectionsMax", "65")]
    [InlineData("Email:Smtp:StepTimeout", "00:00:00")]
    [InlineData("Email:Smtp:UserName", "shop")]
    [InlineData("Email:Smtp:HelloName", "shop\r\nMAIL")]
    [InlineData("Email:Smtp:TrustedCertificateFile", "/no/such/file.pem")]
    public void A_wrong_setting_is_found_at_the_start(string key, string value) =>
        Assert.Throws<OptionsValidationException>(
            () => Build((key, value)).GetRequiredService<IOptions<EmailOptions>>().Value);

    [Fact]
    public void A_password_is_not_sent_in_the_clear_to_another_machine()
    {
        using ServiceProvider services = Build(
            ("Email:FromAddress", "shop@florist.example"),
            ("Email:Smtp:Host", "smtp.example"),
            ("Email:Smtp:Security", "None"),
            ("Email:Smtp:UserName", "shop"),
            ("Email:Smtp:Password", "hush-hush"));

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(
            () => services.GetRequiredService<IOptions<EmailOptions>>().Value);
        Assert.DoesNotContain("hush-hush", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpSecurity.None, 25)]
    [InlineData(SmtpSecurity.StartTls, 587)]
    [InlineData(SmtpSecurity.StartTlsWhenOffered, 587)]
    [InlineData(SmtpSecurity.Tls, 465)]
    public void The_port_follows_the_protection(SmtpSecurity security, int port) =>
        Assert.Equal(port, new SmtpOptions { Security = security }.EffectivePort);

    private static ServiceProvider Build(params (string Key, string? Value)[] settings) =>
        new ServiceCollection()
            .AddLogging()
            .AddEmail(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => s.Value))
                .Build())
            .BuildServiceProvider();
}
