using Florist.Adapters.Email;

namespace Florist.Tests.Adapters.Email;

public class MailNamesTests
{
    [Theory]
    [InlineData("plain-key_1", "<plain-key_1@d>")]
    [InlineData("a.b", "<a.b@d>")]
    [InlineData(".a", "<=2Ea@d>")]
    [InlineData("a.", "<a=2E@d>")]
    [InlineData("a..b", "<a.=2Eb@d>")]
    [InlineData("a:b", "<a=3Ab@d>")]
    [InlineData("a=3Ab", "<a=3D3Ab@d>")]
    [InlineData("a@b>", "<a=40b=3E@d>")]
    public void A_message_id_is_a_legal_atom_and_different_for_different_keys(string key, string id) =>
        Assert.Equal(id, MailNames.MessageId(key, "d"));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("a/b\\c:d|e")]
    [InlineData("CON")]
    public void A_file_name_is_legal_everywhere(string key) =>
        Assert.Matches("^[A-Za-z0-9_-]{1,60}-[0-9a-f]{32}$", MailNames.FileName(key));

    [Fact]
    public void File_names_differ_where_only_case_or_a_sign_differs()
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase)
        {
            MailNames.FileName("a:b"),
            MailNames.FileName("A:b"),
            MailNames.FileName("a_b"),
            MailNames.FileName("a:b:"),
        };

        Assert.Equal(4, names.Count);
    }
}
