using Florist.Kernel;
using Florist.Server.Auth;
using Google.Protobuf.Reflection;

namespace Florist.Server.Tests.Auth;

public sealed class PolicyTableTests
{
    // Fields that tell about a person, by name and for the whole contract.
    private static readonly string[] OfPersons =
    [
        "given_name", "family_name", "email", "mobile", "phone", "address", "address_lines", "birth_date", "card",
        "card_message", "signer", "safe_place", "position", "text_body", "html_body", "title", "customer", "recipient",
    ];

    // They answer with no more about a person than the caller sent, or with samples.
    private static readonly string[] Harmless =
    [
        "florist.imports.v1.ImportService.BatchImportPurchases", "florist.messaging.v1.MessageService.PreviewMessage",
    ];

    [Fact]
    public void What_answers_with_fields_about_a_person_is_declared_as_personal_data()
    {
        PolicyTable table = new();

        string[] plain =
        [
            .. from service in Doors.Services
               from method in service.Methods
               where table.Find($"/{service.FullName}/{method.Name}")?.Data == Data.Plain
               where !Harmless.Contains(method.FullName)
               from field in OfPersons
               where Holds(method.OutputType, field, [])
               select $"{method.FullName} answers with '{field}'",
        ];

        Assert.True(plain.Length == 0, string.Join('\n', plain));
    }

    [Fact]
    public void Every_role_is_a_caller_of_its_own()
    {
        IEnumerable<StaffRoles> roles = Enum.GetValues<StaffRoles>()
            .Where(role => role is not (StaffRoles.None or StaffRoles.All));

        Assert.All(roles, role => Assert.Equal(
            $"Anyone, {role}", PolicyTable.CallersOf(new(CallerKind.Staff, "sam", role)).ToString()));
    }

    [Theory]
    [InlineData(CallerKind.Customer)]
    [InlineData(CallerKind.Courier)]
    [InlineData(CallerKind.Service)]
    [InlineData(CallerKind.Anonymous)]
    public void Roles_are_worth_nothing_to_those_who_are_not_staff(CallerKind kind) => Assert.Equal(
        PolicyTable.CallersOf(new(kind, "x")), PolicyTable.CallersOf(new(kind, "x", StaffRoles.All)));

    [Fact]
    public void Staff_without_a_role_may_what_everybody_may_and_no_more()
    {
        PolicyTable table = new();
        Caller newcomer = new(CallerKind.Staff, "new");

        Assert.All(table.Methods, method =>
            Assert.Equal(table.Allows(method, Caller.Anonymous), table.Allows(method, newcomer)));
    }

    private static bool Holds(MessageDescriptor message, string name, HashSet<MessageDescriptor> seen) =>
        seen.Add(message) && message.Fields.InDeclarationOrder().Any(field => field.Name == name
            || (field.FieldType == FieldType.Message && Holds(field.MessageType, name, seen)));
}
