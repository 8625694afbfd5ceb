using System.Text.Json.Nodes;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Deploy;

/// <summary>Reads YAML as its readers would, by the package that most of them use.</summary>
internal static class Yaml
{
    /// <summary>Prints each document of a YAML file as a line of JSON, and fails where the file is not YAML.</summary>
    private const string Script = """
        import { parseAllDocuments } from "yaml";
        import fs from "node:fs";
        for (const document of parseAllDocuments(fs.readFileSync(process.argv[2], "utf8"), { merge: true })) {
          if (document.errors.length > 0) throw document.errors[0];
          console.log(JSON.stringify(document.toJS()));
        }
        """;

    /// <summary>The documents of a file. Skips the test where node is missing.</summary>
    public static async Task<List<JsonNode>> Read(string path)
    {
        NpmFolder npm = await NpmFolder.Install("yaml", ["yaml@2.8.1"]);
        string script = Path.Combine(npm.Folder, $"read-{Guid.CreateVersion7():N}.mjs");
        await File.WriteAllTextAsync(script, Script, TestContext.Current.CancellationToken);
        try
        {
            ToolRun run = await Tool.Run(
                "node",
                [script, path],
                npm.Folder,
                TimeSpan.FromMinutes(1),
                TestContext.Current.CancellationToken);
            Assert.True(run.ExitCode == 0, run.Said);
            return
            [
                .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!),
            ];
        }
        finally
        {
            File.Delete(script);
        }
    }
}
