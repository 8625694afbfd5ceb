using Florist.Tests.Testing.Npm;

namespace Florist.Tests.Contracts;

/// <summary>The rules of <c>protos/buf.yaml</c>, and that they bite.</summary>
public sealed class BufLintTests
{
    private const string Sound = """
        syntax = "proto3";

        package florist.posies.v1;

        // Keeps posies.
        service PosiesService {
          // Answers one posy.
          rpc GetPosy(GetPosyRequest) returns (Posy);
        }

        // Asks for a posy.
        message GetPosyRequest {
          // Name of the posy.
          string name = 1;
        }

        // A posy.
        message Posy {
          // Where the posy is in its life.
          enum State {
            // Not said.
            STATE_UNSPECIFIED = 0;

            // In water.
            FRESH = 1;
          }

          // Name of the posy.
          string name = 1;

          // Where the posy is in its life.
          State state = 2;
        }
        """;

    [Fact]
    public async Task The_contracts_follow_the_rules()
    {
        ToolRun run = await Buf.Run(Buf.Protos, "lint");

        Assert.True(run.ExitCode == 0, run.Said);
    }

    [Fact]
    public async Task Everything_public_in_the_contracts_has_a_comment()
    {
        string rules = """{ "version": "v2", "lint": { "use": ["COMMENTS"] } }""";

        ToolRun run = await Buf.Run(Buf.Protos, "lint", "--config", rules);

        Assert.True(run.ExitCode == 0, run.Said);
    }

    [Fact]
    public async Task The_contracts_are_formatted()
    {
        ToolRun run = await Buf.Run(Buf.Protos, "format", "--diff", "--exit-code");

        Assert.True(run.ExitCode == 0, run.Said);
    }

    [Fact]
    public async Task A_service_of_the_house_style_passes()
    {
        ToolRun run = await Lint(Sound);

        Assert.True(run.ExitCode == 0, run.Said);
    }

    [Theory]
    [InlineData("  // Answers one posy.\n", "", "rpc")]
    [InlineData("STATE_UNSPECIFIED", "NO_STATE", "_UNSPECIFIED")]
    [InlineData("package florist.posies.v1;", "package florist.posies;", "version")]
    [InlineData("PosiesService", "Posies", "Service")]
    [InlineData("string name = 1", "string Name = 1", "lower_snake_case")]
    public async Task A_contract_outside_the_house_style_fails(string sound, string unsound, string complaint)
    {
        string text = Sound.ReplaceLineEndings("\n");
        Assert.Contains(sound, text, StringComparison.Ordinal);

        ToolRun run = await Lint(text.Replace(sound, unsound, StringComparison.Ordinal));

        Assert.Equal(100, run.ExitCode);
        Assert.Contains(complaint, run.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("  // Where the posy is in its life.\n  State state = 2;\n", "", "deleted")]
    [InlineData("string name = 1", "bytes name = 1", "type")]
    [InlineData("State state = 2", "State state = 3", "deleted")]
    [InlineData("FRESH = 1", "IN_WATER = 1", "name")]
    public async Task A_change_that_breaks_callers_is_found(string before, string after, string complaint)
    {
        string text = Sound.ReplaceLineEndings("\n");
        Assert.Contains(before, text, StringComparison.Ordinal);

        using Module released = new(text);
        using Module changed = new(text.Replace(before, after, StringComparison.Ordinal));
        ToolRun run = await Buf.Run(changed.Folder, "breaking", "--against", released.Folder);

        Assert.Equal(100, run.ExitCode);
        Assert.Contains(complaint, run.Output, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<ToolRun> Lint(string contract)
    {
        using Module module = new(contract);
        return await Buf.Run(module.Folder, "lint");
    }

    /// <summary>A folder with our rules and one contract.</summary>
    private sealed class Module : IDisposable
    {
        public Module(string contract)
        {
            Folder = Directory.CreateTempSubdirectory("florist-contract").FullName;
            string package = Path.Combine(Folder, "florist", "posies", "v1");
            Directory.CreateDirectory(package);
            File.WriteAllText(Path.Combine(package, "posies.proto"), contract);
            File.Copy(Path.Combine(Buf.Protos, "buf.yaml"), Path.Combine(Folder, "buf.yaml"));
        }

        public string Folder { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
