using Florist.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Florist.Delivery;

[GrainType("courier")]
internal sealed class CourierGrain(
    [PersistentState("courier")] IPersistentState<CourierBook> book, IGrainRows rows, TimeProvider time)
    : Grain, ICourierGrain
{
    // Keys live by the machine's clock, as tokens do, never by the product's, which a sandbox may have turned.
    private static DateTimeOffset KeyClock => TimeProvider.System.GetUtcNow();

    private CourierId Id => new(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken) => book.State = book.State with
    {
        // A courier that was never created has an id all the same.
        Id = Id,
        Answered = await Answered.Read(rows, this.GetGrainId(), cancellationToken),
    };

    public Task<Outcome<CourierView>> Get() => Task.FromResult<Outcome<CourierView>>(
        book.State.Exists ? book.State.View() : Fault.NotFound(DeliveryNames.Courier(Id)));

    public Task<Outcome<CourierView>> Create(CreateCourier command) => Carry(
        command.RequestId,
        command with { Profile = Comparable(command.Profile) },
        (book, now) => book.Create(Id, command, now),
        book => book.View());

    public Task<Outcome<CourierView>> Update(UpdateCourier command) => Carry(
        command.RequestId,
        command with { Profile = Comparable(command.Profile) },
        (book, now) => book.Update(command, now),
        book => book.View());

    public Task<Outcome<CourierView>> Enable(EnableCourier command) =>
        Carry(command.RequestId, command, (book, now) => book.Enable(command, now), book => book.View());

    public async Task<Outcome<IssuedKey>> IssueKey(IssueCourierKey command)
    {
        // A repeat comes with another secret, since nobody has kept the first.
        IssueCourierKey asked = command with { KeyId = "", SecretHash = "" };
        bool isNew = false;
        Outcome<CourierKey> key = await Carry(
            command.RequestId,
            asked,
            (book, _) =>
            {
                isNew = true;
                return book.Issue(command, KeyClock);
            },
            book => book.Keys[^1] with { SecretHash = "" });
        return key.Then<IssuedKey>(issued => new IssuedKey(issued, isNew));
    }

    public Task<Outcome<CourierKey>> RevokeKey(RevokeCourierKey command) => Carry(
        command.RequestId,
        command,
        (book, _) => book.Revoke(command, KeyClock),
        book => book.Keys.First(key => key.Id == command.KeyId) with { SecretHash = "" });

    public Task<Outcome<KeyAdmission>> Admit(string keyId, string secretHash) =>
        Task.FromResult(book.State.Admit(keyId, secretHash, KeyClock));

    public Task<Outcome<Done>> Standing(string? keyId, string? producer) =>
        Task.FromResult(book.State.Standing(keyId, producer));

    public async Task<Done> Quarantine(QuarantineProducer command)
    {
        CourierBook next = book.State.Quarantine(Id, command, time.GetUtcNow());
        if (next != book.State)
        {
            await book.Commit(next, DeactivateOnIdle);
        }

        return Done.Value;
    }

    public Task<Outcome<CourierView>> LiftQuarantine(LiftQuarantine command) =>
        Carry(command.RequestId, command, (book, now) => book.Lift(command, now), book => book.View());

    public Task<Outcome<WebhookTerms>> Webhook() => Task.FromResult(book.State.Webhook());

    // The same secret is sealed otherwise each time.
    private static CourierProfile Comparable(CourierProfile profile) => profile with { SealedSecret = null };

    private async Task<Outcome<TAnswer>> Carry<TCommand, TAnswer>(
        string? requestId,
        TCommand command,
        Func<CourierBook, DateTimeOffset, Outcome<CourierBook>> decide,
        Func<CourierBook, TAnswer> answerOf)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (book.State.Answered.Replays(requestId, command, now, out Outcome<TAnswer> earlier))
        {
            return earlier;
        }

        if (decide(book.State, now).Failed(out Fault? fault, out CourierBook? next))
        {
            return fault;
        }

        TAnswer answer = answerOf(next);
        Effects effects = next.Effects;
        Answered answered = next.Answered.Remember(requestId, command, answer, now, ref effects);
        if (next != book.State || requestId is not null)
        {
            await book.Commit(next with { Answered = answered, Effects = effects }, DeactivateOnIdle);
        }

        return answer;
    }
}
