using Microsoft.Extensions.Options;

namespace Florist.Catalogue;

/// <summary>Settings of the catalogue, from the section <c>Catalogue</c>.</summary>
public sealed class CatalogueOptions
{
    /// <summary>Path of a data file; null for the demonstration catalogue that is built in.</summary>
    public string? File { get; set; }
}

/// <summary>
/// Reads the data file when the process starts, so that a mistake in it stops the start and not a sale.
/// </summary>
internal sealed class CatalogueOptionsValidator : IValidateOptions<CatalogueOptions>
{
    public ValidateOptionsResult Validate(string? name, CatalogueOptions options)
    {
        try
        {
            using Stream json = CatalogueFile.Open(options);
            CatalogueFile.Read(json);
            return ValidateOptionsResult.Success;
        }
        catch (CatalogueException wrong)
        {
            string file = options.File ?? CatalogueFile.EmbeddedName;
            return ValidateOptionsResult.Fail(wrong.Mistakes.Select(mistake => $"{file}: {mistake}"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return ValidateOptionsResult.Fail($"Catalogue:File '{options.File}' cannot be read: {unreadable.Message}");
        }
    }
}
