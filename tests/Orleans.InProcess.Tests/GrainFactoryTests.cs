using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>How references find grains, and what classes and interfaces are accepted.</summary>
public sealed class GrainFactoryTests : IAsyncDisposable
{
    private readonly GrainTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public void The_id_of_a_grain_is_its_type_and_key()
    {
        IPurseGrain grain = host.Grains.GetGrain<IPurseGrain>("a/b");

        Assert.Equal("purse/a/b", grain.GetGrainId().ToString());
        Assert.Equal("a/b", grain.GetPrimaryKeyString());
        Assert.Equal(grain.GetGrainId(), GrainId.Parse("purse/a/b"));
        Assert.Equal(grain, (object)host.Grains.GetGrain<INamed>(GrainId.Create("purse", "a/b")));
    }

    [Theory]
    [InlineData("purse", nameof(PurseGrain))]
    [InlineData("disposed", nameof(DisposedGrain))]
    public void An_interface_of_many_classes_is_addressed_by_grain_id(string type, string expected)
    {
        INamed grain = host.Grains.GetGrain<INamed>(GrainId.Create(type, "k"));
        Assert.Equal(expected, host.Run(grain.ClassName));
    }

    [Fact]
    public void Both_interfaces_of_a_grain_lead_to_the_same_activation()
    {
        host.Run(() => host.Grains.GetGrain<IPurseGrain>("k").Put(1));
        host.Run(host.Grains.GetGrain<INamed>(GrainId.Create("purse", "k")).ClassName);
        Assert.Equal(1, host.Host.Directory.Count);
    }

    [Fact]
    public void An_interface_of_many_classes_is_ambiguous_by_key_unless_the_class_is_told()
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<INamed>("k"));
        Assert.Contains(nameof(PurseGrain), failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(DisposedGrain), failure.Message, StringComparison.Ordinal);

        INamed named = host.Grains.GetGrain<INamed>("k", typeof(PurseGrain).FullName);
        Assert.Equal(nameof(PurseGrain), host.Run(named.ClassName));
    }

    [Fact]
    public void An_interface_without_a_class_cannot_be_referred_to_by_key()
    {
        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<INobody>("k"));
    }

    [Fact]
    public void A_call_to_an_unknown_grain_type_fails()
    {
        INamed grain = host.Grains.GetGrain<INamed>(GrainId.Create("unicorn", "k"));
        ArgumentException failure = Assert.Throws<ArgumentException>(() => host.Run(grain.ClassName));
        Assert.Contains("unicorn/k", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_to_an_interface_the_grain_lacks_fails()
    {
        IPurseGrain grain = host.Grains.GetGrain<IPurseGrain>(GrainId.Create("disposed", "k"));
        Assert.Throws<InvalidCastException>(() => host.Run(grain.Peek));
    }

    [Fact]
    public void An_untyped_reference_becomes_any_interface()
    {
        IAddressable untyped = host.Grains.GetGrain(GrainId.Create("purse", "k"));
        Assert.Equal(nameof(PurseGrain), host.Run(untyped.AsReference<INamed>().ClassName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/key")]
    [InlineData("type/")]
    [InlineData("type")]
    [InlineData(null)]
    public void Text_that_is_no_grain_id_is_refused(string? text)
    {
        Assert.False(GrainId.TryParse(text, out GrainId id));
        Assert.True(id.IsDefault);
    }

    [Fact]
    public void Keys_that_look_alike_are_different_grains()
    {
        string[] keys = ["a", "A", "0a", "0A", "a ", "á", "a/", "00"];
        Assert.Equal(keys.Length, keys.Select(k => GrainId.Create("t", k)).Distinct().Count());
        Assert.NotEqual(GrainId.Create("t", "k"), GrainId.Create("u", "k"));
    }

    [Fact]
    public void An_empty_key_is_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => host.Grains.GetGrain<IPurseGrain>(string.Empty));
    }

    [Fact]
    public void An_internal_interface_with_internal_arguments_works()
    {
        IHidden grain = host.Grains.GetGrain<IHidden>("k");
        Assert.Equal(new Secret(3), host.Run(() => grain.Next(new Secret(2))));
    }

    [Theory]
    [InlineData(typeof(IWithProperty))]
    [InlineData(typeof(IWithGeneric))]
    [InlineData(typeof(IWithVoid))]
    [InlineData(typeof(IWithOut))]
    [InlineData(typeof(IWithTokenFirst))]
    public void An_interface_that_no_grain_can_have_is_refused_by_name(Type type)
    {
        NotSupportedException failure = Assert.Throws<NotSupportedException>(() => ReferenceEmitter.MakerOf(type));
        Assert.Contains(type.Name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grain_class_without_a_grain_type_is_refused()
    {
        OrleansException failure = Assert.Throws<OrleansException>(() => GrainClass.Of(typeof(NamelessGrain)));
        Assert.Contains("[GrainType]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_classes_of_one_grain_type_are_refused()
    {
        InProcessOptions options = new();
        options.GrainClasses.AddRange([typeof(TwinOne), typeof(TwinTwo)]);
        OrleansException failure = Assert.Throws<OrleansException>(() => new GrainClasses(options));
        Assert.Contains(nameof(TwinOne), failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(TwinTwo), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grain_may_take_services_keyed_services_and_defaults()
    {
        await using GrainTestHost other = new(silo: silo =>
        {
            silo.Services.AddKeyedSingleton("kind", "roses");
            silo.Services.AddScoped<ScopedThing>();
        });
        IInjectedGrain grain = other.Grains.GetGrain<IInjectedGrain>("k");
        string first = other.Run(grain.Describe);

        Assert.Equal("roses nothing injected/k", first[..first.LastIndexOf(' ')]);
        Assert.Equal(first, other.Run(grain.Describe));
        string second = other.Run(other.Grains.GetGrain<IInjectedGrain>("l").Describe);
        Assert.NotEqual(first, second.Replace("/l", "/k", StringComparison.Ordinal));
    }

    private interface INobody : IGrainWithStringKey;

    internal interface IHidden : IGrainWithStringKey
    {
        Task<Secret> Next(Secret secret);
    }

    private interface IWithProperty : IGrainWithStringKey
    {
        Task Name { get; }
    }

    private interface IWithGeneric : IGrainWithStringKey
    {
        Task Echo<T>(T value);
    }

    private interface IWithVoid : IGrainWithStringKey
    {
        void Go();
    }

    private interface IWithOut : IGrainWithStringKey
    {
        Task Go(out int value);
    }

    private interface IWithTokenFirst : IGrainWithStringKey
    {
#pragma warning disable CA1068 // The mistake is the point.
        Task Go(CancellationToken token, int value);
#pragma warning restore CA1068
    }

    public interface IInjectedGrain : IGrainWithStringKey
    {
        Task<string> Describe();
    }

    internal sealed record Secret(int Number);

    [GrainType("hidden")]
    internal sealed class HiddenGrain : Grain, IHidden
    {
        public Task<Secret> Next(Secret secret) => Task.FromResult(new Secret(secret.Number + 1));
    }

    private abstract class NamelessGrain : Grain;

#pragma warning disable CA1012 // Abstract, so that the other tests do not find them; constructible for this one.
    [GrainType("twin")]
    private abstract class TwinOne : Grain
    {
        public TwinOne()
        {
        }
    }

    [GrainType("twin")]
    private abstract class TwinTwo : Grain
    {
        public TwinTwo()
        {
        }
    }
#pragma warning restore CA1012

    internal sealed class ScopedThing
    {
        private static int made;

        public int Number { get; } = Interlocked.Increment(ref made);
    }

    [GrainType("injected")]
    internal sealed class InjectedGrain(
        IGrainContext context,
        IServiceProvider services,
        [FromKeyedServices("kind")] string kind,
        Version? version = null) : Grain, IInjectedGrain
    {
        public Task<string> Describe()
        {
            int scope = services.GetRequiredService<ScopedThing>().Number;
            return Task.FromResult($"{kind} {version?.ToString() ?? "nothing"} {context.GrainId} {scope}");
        }
    }
}
