using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;
using Florist.Protos.Catalogue.V1;
using Florist.Tests.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Catalogue.V1.CatalogueService.CatalogueServiceClient;
using Message = Florist.Protos.Catalogue.V1.Bouquet;
using Own = Florist.Catalogue.Bouquet;

namespace Florist.Tests.Catalogue;

public sealed class BouquetsServiceTests : IAsyncLifetime
{
    private TestShop? shop;
    private TestEdge? edge;

    private Client Anybody => new((edge ?? throw new InvalidOperationException()).As(CallerKind.Anonymous, ""));

    public async ValueTask InitializeAsync()
    {
        shop = await TestShop.Start();
        edge = await TestEdge.Start(shop, map => map.MapCatalogue(), services => services
            .AddCatalogue()
            .AddSingleton<IBouquetAvailability, NothingLeft>());
    }

    public async ValueTask DisposeAsync()
    {
        if (edge is not null)
        {
            await edge.DisposeAsync();
        }

        if (shop is not null)
        {
            await shop.DisposeAsync();
        }
    }

    [Fact]
    public async Task Anybody_may_read_a_bouquet_with_its_recipe_prices_and_hazards()
    {
        Message bouquet = await Anybody.GetBouquetAsync(new() { Name = "bouquets/lily-and-rose" });

        Assert.Equal(["en", "de"], bouquet.Titles.Select(title => title.LanguageCode));
        Assert.Equal(
            ["EUR 55.0", "GBP 48.0"],
            bouquet.Prices.Select(price => $"{price.CurrencyCode} {price.Units}.{price.Nanos}"));
        Assert.Equal(
            [Message.Types.Hazard.TrueLily, Message.Types.Hazard.StrongScent, Message.Types.Hazard.Pollen],
            bouquet.Hazards);
        Assert.Contains(bouquet.Stems, stem => stem is { StemId: "red-rose", Kind: "rose", Count: 8 });
        Assert.Equal([Message.Types.Color.White, Message.Types.Color.Red], bouquet.Colors);
        Assert.Equal(12, bouquet.Months.Count);
    }

    [Fact]
    public async Task Every_value_of_our_enums_has_the_name_of_its_value_in_the_contract()
    {
        ListBouquetsResponse all = await Anybody.ListBouquetsAsync(new() { PageSize = 1000 });
        foreach (Message bouquet in all.Bouquets)
        {
            Own own = DemoCatalogue.Value.Find(new(bouquet.Name["bouquets/".Length..]))
                ?? throw new InvalidOperationException(bouquet.Name);
            Assert.Equal(own.Categories.Select(Name), bouquet.Categories.Select(Name));
            Assert.Equal(own.Colours.Select(Name), bouquet.Colors.Select(Name));
            Assert.Equal(own.Hazards.Select(Name), bouquet.Hazards.Select(Name));
        }

        Assert.Equal(DemoCatalogue.Value.Bouquets.Length, all.Bouquets.Count);
    }

    [Theory]
    [InlineData("bouquets/nothing", StatusCode.NotFound)]
    [InlineData("bouquets/", StatusCode.InvalidArgument)]
    [InlineData("dozen-red-roses", StatusCode.InvalidArgument)]
    public async Task A_name_that_names_no_bouquet_is_refused(string name, StatusCode code)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            async () => await Anybody.GetBouquetAsync(new() { Name = name }));

        Assert.Equal(code, refused.StatusCode);
    }

    [Theory]
    [InlineData("categories:valentines price_gbp < 40", null)]
    [InlineData("categories:valentines AND price_gbp < 40", "single-rose")]
    [InlineData("stems:lily AND NOT months:JANUARY", "fire-lilies")]
    [InlineData("hazards:nuts AND months:FEBRUARY", "roses-and-truffles")]
    [InlineData("colors:green AND vase_life_days >= 21", "dads-desk-orchid")]
    [InlineData("bestseller_rank = 1", "spring-tulips")]
    [InlineData("price_eur > 1000", "")]
    [InlineData("shape = \"round\"", null)]
    public async Task Bouquets_are_found_by_what_they_are_for_made_of_and_cost(string filter, string? only)
    {
        if (only is null)
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(
                async () => await Anybody.ListBouquetsAsync(new() { Filter = filter }));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            return;
        }

        ListBouquetsResponse found = await Anybody.ListBouquetsAsync(new() { Filter = filter });

        Assert.Equal(only, string.Join(' ', found.Bouquets.Select(bouquet => bouquet.Name["bouquets/".Length..])));
    }

    [Fact]
    public async Task Pages_follow_the_order_and_hold_every_bouquet_once()
    {
        List<string> names = [];
        ListBouquetsRequest request = new() { PageSize = 7, OrderBy = "price_gbp desc, bestseller_rank" };
        do
        {
            ListBouquetsResponse page = await Anybody.ListBouquetsAsync(request);
            names.AddRange(page.Bouquets.Select(bouquet => bouquet.Name));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(
            DemoCatalogue.Value.Bouquets
                .OrderByDescending(bouquet => bouquet.Prices["GBP"])
                .ThenBy(bouquet => bouquet.BestsellerRank)
                .Select(bouquet => $"bouquets/{bouquet.Id}"),
            names);
    }

    [Fact]
    public async Task A_page_token_of_another_listing_is_refused()
    {
        ListBouquetsResponse page = await Anybody.ListBouquetsAsync(new() { PageSize = 5 });

        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await Anybody.ListBouquetsAsync(new() { PageToken = page.NextPageToken, OrderBy = "price_eur" }));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString();
}

/// <summary>A shop that has sold everything, so that the catalogue has somebody to ask.</summary>
internal sealed class NothingLeft : IBouquetAvailability
{
    public Task<ImmutableHashSet<BouquetId>> On(
        DateOnly day, string regionCode, string? postalCode, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableHashSet<BouquetId>.Empty);
}
