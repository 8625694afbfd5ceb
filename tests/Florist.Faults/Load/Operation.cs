namespace Florist.Faults.Load;

/// <summary>What a client asks for.</summary>
internal enum Asked
{
    Customer,
    Occasion,
    Order,
    Assignment,
    Report,
    Cancellation,
}

/// <summary>What the client knows about it.</summary>
internal enum Known
{
    /// <summary>It was asked for, perhaps several times, and never answered.</summary>
    Nothing,

    /// <summary>It was answered: done.</summary>
    Done,

    /// <summary>It was answered: refused, and never will be done.</summary>
    Refused,
}

/// <summary>One operation of a client.</summary>
/// <param name="Tag">Its own mark, which it leaves in what it makes.</param>
/// <param name="Asked">What.</param>
/// <param name="Parent">The tag of the operation that made what it works on; empty for a customer.</param>
internal sealed record Operation(string Tag, Asked Asked, string Parent)
{
    /// <summary>What the client knows.</summary>
    public Known Known { get; set; }

    /// <summary>The status and text of a refusal; empty for none.</summary>
    public string Refusal { get; set; } = "";

    /// <summary>The resource that was answered; empty while unknown.</summary>
    public string Name { get; set; } = "";

    /// <summary>The shop's day on which it was asked for first: every repeat says the same.</summary>
    public DateOnly On { get; init; }

    /// <summary>When it was asked for first, and when it was answered; null while it was not.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <inheritdoc cref="AskedAt"/>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Sent { get; set; }
}
