using System.Reflection;
using System.Text;
using Florist.Kernel;
using Florist.Tests.Architecture;
using Orleans;

namespace Florist.Tests.Contracts;

/// <summary>
/// What grains can be asked, as it stood when somebody last read it: silos of two versions talk to one another while
/// the newer is rolled out. After a deliberate change run the tests once with <c>FLORIST_WRITE_GOLDEN=1</c>.
/// </summary>
public sealed class GrainInterfacesTests
{
    private const string RewriteVariable = "FLORIST_WRITE_GOLDEN";
    private const string Approved = "tests/Florist.Tests/Golden/grains.txt";

    [Fact]
    public void Grains_can_be_asked_what_was_approved()
    {
        StringBuilder text = new();
        foreach (Type face in typeof(Fault).Assembly.GetTypes()
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrainWithStringKey)))
            .OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            text.Append(face.Name).Append('\n');
            foreach (string method in face.GetMethods().Select(Line).Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(method).Append('\n');
            }
        }

        string path = Path.Combine(Repository.Root, Approved);
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllText(path, text.ToString());
        }

        string approved = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.True(approved == text.ToString(), $"{Approved} differs; see {RewriteVariable}\n{text}");
    }

    private static string Line(MethodInfo method) =>
        $"{Name(method.ReturnType)} {method.Name}"
        + $"({string.Join(", ", method.GetParameters().Select(one => Name(one.ParameterType)))})";

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GenericTypeArguments.Select(Name))}>"
        : type.Name;
}
