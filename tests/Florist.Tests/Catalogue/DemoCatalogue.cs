using Florist.Catalogue;

namespace Florist.Tests.Catalogue;

/// <summary>The catalogue that is built in.</summary>
internal static class DemoCatalogue
{
    public static readonly ICatalogue Value = Read();

    private static CatalogueSnapshot Read()
    {
        using Stream json = CatalogueFile.Open(new CatalogueOptions());
        return CatalogueFile.Read(json);
    }
}
