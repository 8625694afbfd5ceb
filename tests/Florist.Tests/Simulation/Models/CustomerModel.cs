using System.Collections.Immutable;

namespace Florist.Tests.Simulation.Models;

/// <summary>
/// Something that is asked of a customer. Ids and request ids come from small pools, so that they meet.
/// </summary>
internal abstract record CustomerCommand(string? RequestId);

internal sealed record CreateIt(string? RequestId, string Name) : CustomerCommand(RequestId);

/// <param name="RequestId">As everywhere.</param>
/// <param name="Name">The new family name.</param>
/// <param name="Behind">Null names no version; 0 the present one, more one that is so much older.</param>
internal sealed record RenameIt(string? RequestId, string Name, int? Behind) : CustomerCommand(RequestId);

internal sealed record DeleteIt(string? RequestId) : CustomerCommand(RequestId);

internal sealed record UndeleteIt(string? RequestId) : CustomerCommand(RequestId);

internal sealed record AddSomebody(string? RequestId, string Who, string Name) : CustomerCommand(RequestId);

internal sealed record RemoveSomebody(string? RequestId, string Who) : CustomerCommand(RequestId);

/// <summary>A purchase; its key says which day it was.</summary>
internal sealed record Buy(string Key, int Minor) : CustomerCommand((string?)null);

internal sealed record TakeBack(string Key, int Minor) : CustomerCommand((string?)null);

internal sealed record Sleep(int Days) : CustomerCommand((string?)null);

internal sealed record Die() : CustomerCommand((string?)null);

/// <summary>A customer as a page of a textbook would have it.</summary>
internal sealed record CustomerModel
{
    public bool Exists { get; init; }

    public bool Purged { get; init; }

    public int? DeletedOn { get; init; }

    public int Day { get; init; }

    public long Revision { get; init; }

    public string Name { get; init; } = "";

    public ImmutableSortedDictionary<string, string> Recipients { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>By key: the amount, and whether it was taken back.</summary>
    public ImmutableSortedDictionary<string, (int Minor, bool Back)> Purchases { get; init; } =
        ImmutableSortedDictionary.Create<string, (int, bool)>(StringComparer.Ordinal);

    /// <summary>What was asked under a request id, and when; what is a day old goes with the next answer.</summary>
    public ImmutableSortedDictionary<string, (string Asked, int Day)> Answered { get; init; } =
        ImmutableSortedDictionary.Create<string, (string, int)>(StringComparer.Ordinal);

    private bool Lives => Exists && !Purged;

    /// <summary>The version that a command names; null for none.</summary>
    public string? EtagOf(RenameIt rename) => rename.Behind is { } behind ? $"\"{Revision - behind}\"" : null;

    /// <summary>The model after a command, and the answer: "ok" or a word for the refusal.</summary>
    public (CustomerModel Next, string Answer) Step(CustomerCommand command)
    {
        if (command is Sleep sleep)
        {
            int day = Day + sleep.Days;
            return (DeletedOn is { } on && on + 30 <= day
                ? new CustomerModel { Exists = true, Purged = true, Day = day, Revision = Revision + 1 }
                : this with { Day = day }, "ok");
        }

        if (command is Die)
        {
            return (this, "ok");
        }

        string asked = command is RenameIt named ? $"{named with { Behind = null }} {EtagOf(named)}" : $"{command}";
        if (command.RequestId is { } id && Answered.TryGetValue(id, out (string Asked, int Day) earlier))
        {
            return (this, earlier.Asked == asked ? "ok" : "Invalid REQUEST_ID_REUSED");
        }

        (CustomerModel next, string answer) = Decide(command);
        return answer != "ok" || ReferenceEquals(next, this)
            ? (this, answer)
            : (next with
            {
                Revision = Revision + 1,
                Answered = command.RequestId is { } given
                    ? Answered.RemoveRange(Answered.Where(one => one.Value.Day < Day).Select(one => one.Key))
                        .SetItem(given, (asked, Day))
                    : Answered,
            }, answer);
    }

    private (CustomerModel, string) Decide(CustomerCommand command)
    {
        switch (command)
        {
            case CreateIt create:
                return Exists ? (this, "Exists") : (this with { Exists = true, Name = create.Name }, "ok");
            case Buy or TakeBack:
                return Trade(command);
            case DeleteIt:
                return !Lives || DeletedOn is not null ? (this, "NotFound") : (this with { DeletedOn = Day }, "ok");
            case UndeleteIt:
                return !Lives ? (this, "NotFound")
                    : DeletedOn is null ? (this, "Exists") : (this with { DeletedOn = null }, "ok");
        }

        if (!Lives)
        {
            return (this, "NotFound");
        }

        if (DeletedOn is not null)
        {
            return (this, "Refused CUSTOMER_DELETED");
        }

        return command switch
        {
            RenameIt rename => rename.Behind > 0 ? (this, "Stale") : (this with { Name = rename.Name }, "ok"),
            AddSomebody add => Recipients.ContainsKey(add.Who)
                ? (this, "Exists")
                : (this with { Recipients = Recipients.Add(add.Who, add.Name) }, "ok"),
            RemoveSomebody remove => Recipients.ContainsKey(remove.Who)
                ? (this with { Recipients = Recipients.Remove(remove.Who) }, "ok")
                : (this, "NotFound"),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without a rule"),
        };
    }

    private (CustomerModel, string) Trade(CustomerCommand command)
    {
        (string key, int minor) = command switch
        {
            Buy buy => (buy.Key, buy.Minor),
            TakeBack back => (back.Key, back.Minor),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "no trade"),
        };
        if (!Lives)
        {
            return (this, "NotFound");
        }

        bool isBack = command is TakeBack;
        bool isKnown = Purchases.TryGetValue(key, out (int Minor, bool Back) known);
        if (isKnown && known.Minor != minor)
        {
            return (this, "Refused PURCHASE_DIFFERS");
        }

        return isKnown && (known.Back || !isBack)
            ? (this, "ok")
            : (this with { Purchases = Purchases.SetItem(key, (minor, isBack)) }, "ok");
    }
}
