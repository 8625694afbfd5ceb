using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Florist.Adapters.Email;
using Florist.Adapters.Payments;
using Florist.Adapters.Proofs;
using Florist.Adapters.Sms;
using Florist.Adapters.Sql;
using Florist.Audit;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Imports;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Orders;
using Florist.Receipts;
using Florist.Server.Auth;
using Florist.Server.Edge;
using Florist.Server.Gateway;
using Florist.Server.Telemetry;
using Florist.ShopFloor;
using Florist.Stock;
using Florist.Vouchers;

namespace Florist.Server.Tests.Docs;

/// <summary>Keeps <c>docs/configuration.md</c>: every setting with its meaning, default and range.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly (string Section, Type Options)[] Sections =
    [
        (AuditOptions.Section, typeof(AuditOptions)),
        ("Auth", typeof(AuthOptions)),
        ("Catalogue", typeof(CatalogueOptions)),
        ("Customers", typeof(CustomersOptions)),
        (DeliveryOptions.Section, typeof(DeliveryOptions)),
        (EdgeOptions.Section, typeof(EdgeOptions)),
        ("Email", typeof(EmailOptions)),
        (EngineOptions.Section, typeof(EngineOptions)),
        (GatewayOptions.Section, typeof(GatewayOptions)),
        ("Imports", typeof(ImportsOptions)),
        (MessagingOptions.Section, typeof(MessagingOptions)),
        ("Occasions", typeof(OccasionsOptions)),
        ("Orders", typeof(OrdersOptions)),
        ("Payments", typeof(PaymentsOptions)),
        (RateLimitsOptions.Section, typeof(RateLimitsOptions)),
        (RetentionOptions.Section, typeof(RetentionOptions)),
        ("Receipts", typeof(ReceiptsOptions)),
        ("ShopFloor", typeof(ShopFloorOptions)),
        (ProofsOptions.Section, typeof(ProofsOptions)),
        ("Sms", typeof(SmsOptions)),
        ("Stock", typeof(StockOptions)),
        (SqliteOptions.Section, typeof(SqliteOptions)),
        (PostgresOptions.Section, typeof(PostgresOptions)),
        (TelemetryOptions.Section, typeof(TelemetryOptions)),
        ("Vouchers", typeof(VouchersOptions)),
        (WatchOptions.Section, typeof(WatchOptions)),
    ];

    private static readonly Dictionary<string, string> Comments = ReadComments();

    [Fact]
    public void Every_setting_stands_in_the_reference()
    {
        StringBuilder page = new();
        page.Append("""
            # Configuration

            Settings come, later ones winning, from the defaults below, environment variables (`Orders__TimeZone`) and
            the command line (`--Orders:TimeZone=Europe/Dublin`). A list is given by number (`Orders:Regions:0`), a map
            by key. A value out of its range stops the start, and the message names every one.

            This page is made of the code.

            """);
        foreach ((string section, Type options) in Sections)
        {
            page.Append("\n## ").Append(section).Append("\n\n").Append(CommentOf("T:" + NameOf(options)))
                .Append("\n\n| Setting | Default | Meaning |\n| --- | --- | --- |\n");
            Append(page, section, options, Activator.CreateInstance(options));
        }

        GeneratedPage.Check("configuration.md", page.ToString());
    }

    [Fact]
    public void Every_options_class_stands_in_the_reference()
    {
        Assembly[] product =
            [typeof(OrdersOptions).Assembly, typeof(SqliteOptions).Assembly, typeof(AuthOptions).Assembly];
        IEnumerable<Type> nested = Sections.SelectMany(section => Groups(section.Options));
        IEnumerable<Type> all = product.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsClass && type.Name.EndsWith("Options", StringComparison.Ordinal)
                && type != typeof(ServeOptions));

        Assert.Empty(all
            .Except(Sections.Select(section => section.Options))
            .Except(nested)
            .Select(type => type.FullName));
    }

    private static IEnumerable<Type> Groups(Type options) =>
        Settings(options).Select(setting => MemberOf(setting.PropertyType) ?? setting.PropertyType)
            .Where(IsGroup)
            .SelectMany(type => Groups(type).Prepend(type));

    // What a map holds under each of its keys, where that has settings of its own.
    private static Type? MemberOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>)
        && IsGroup(type.GenericTypeArguments[1])
            ? type.GenericTypeArguments[1]
            : null;

    private static void Append(StringBuilder page, string prefix, Type options, object? defaults)
    {
        foreach (PropertyInfo setting in Settings(options))
        {
            string name = $"{prefix}:{setting.Name}";
            object? value = defaults is null ? null : setting.GetValue(defaults);
            if (IsGroup(setting.PropertyType))
            {
                Append(page, name, setting.PropertyType, value ?? Activator.CreateInstance(setting.PropertyType));
                continue;
            }

            string comment = CommentOf($"P:{NameOf(options)}.{setting.Name}");
            string range = setting.GetCustomAttribute<RangeAttribute>() is { } limits
                ? string.Create(CultureInfo.InvariantCulture, $" From {limits.Minimum} to {limits.Maximum}.")
                : "";
            page.Append("| `").Append(name).Append("` | ").Append(Text(value)).Append(" | ")
                .Append(comment.Replace("|", "\\|", StringComparison.Ordinal)).Append(range).Append(" |\n");
            if (MemberOf(setting.PropertyType) is { } member)
            {
                Append(page, $"{name}:KEY", member, Activator.CreateInstance(member));
            }
        }
    }

    private static IEnumerable<PropertyInfo> Settings(Type options) => options
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite || IsGroup(property.PropertyType));

    private static bool IsGroup(Type type) =>
        type.IsClass && type.Namespace?.StartsWith("Florist", StringComparison.Ordinal) == true;

    private static string Text(object? value) => value switch
    {
        null or "" => "",
        string text => $"`{text}`",
        IDictionary map => string.Join(
            ", ",
            map.Keys.Cast<object>().Select(key => $"`{Plain(key)}: {Plain(map[key])}`").Order(StringComparer.Ordinal)),
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(item => $"`{Plain(item)}`")),
        _ => $"`{Plain(value)}`",
    };

    private static string Plain(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeOnly time => time.ToString("HH:mm", CultureInfo.InvariantCulture),
        IEnumerable list and not string => string.Join("/", list.Cast<object>().Select(Plain)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    private static string CommentOf(string member) => Comments.GetValueOrDefault(member, "");

    private static string NameOf(Type type) => type.FullName?.Replace('+', '.') ?? type.Name;

    private static Dictionary<string, string> ReadComments()
    {
        Dictionary<string, string> comments = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "Florist*.xml"))
        {
            foreach (XElement member in XDocument.Load(file).Descendants("member"))
            {
                comments[(string?)member.Attribute("name") ?? ""] = Words(member.Element("summary"));
            }
        }

        return comments;
    }

    private static string Words(XElement? summary)
    {
        if (summary is null)
        {
            return "";
        }

        IEnumerable<string> parts = summary.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement element => "`" + ((string?)element.Attribute("cref") ?? (string?)element.Attribute("langword")
                ?? element.Value).Split('.', ':')[^1] + "`",
            _ => "",
        });
        return Spaces().Replace(string.Concat(parts), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
