namespace Florist.Delivery;

/// <summary>
/// Where a delivery stands. The published vocabulary; see <see cref="DeliveryTransitions"/> for the moves.
/// </summary>
public enum DeliveryState
{
    /// <summary>It exists, and no courier holds a leg.</summary>
    Pending,

    /// <summary>A courier accepted; the flowers are still at the shop.</summary>
    Assigned,

    /// <summary>The flowers are with the courier.</summary>
    OutForDelivery,

    /// <summary>The courier says that it is at the address.</summary>
    Arrived,

    /// <summary>This attempt failed; the flowers are still with the courier, and a decision is due.</summary>
    AttemptFailed,

    /// <summary>On the way back to the shop.</summary>
    Returning,

    /// <summary>Handed over or left. Terminal.</summary>
    Delivered,

    /// <summary>Back at the shop. Terminal.</summary>
    Returned,

    /// <summary>Lost, destroyed, or could not be returned. Terminal.</summary>
    Failed,

    /// <summary>Stopped before collection. Terminal.</summary>
    Cancelled,
}

/// <summary>How delivered flowers were handed over.</summary>
public enum DeliveryOutcome
{
    /// <summary>To the recipient in person.</summary>
    HandedToRecipient,

    /// <summary>To someone else who lives there.</summary>
    HandedToHouseholdMember,

    /// <summary>At a desk: hospital, school office, funeral home, workplace.</summary>
    LeftAtReception,

    /// <summary>With a neighbour.</summary>
    LeftWithNeighbor,

    /// <summary>Unattended, in a safe place.</summary>
    LeftInSafePlace,
}

/// <summary>Why an attempt, or the whole delivery, failed.</summary>
public enum FailureReason
{
    /// <summary>Nobody opened.</summary>
    RecipientNotHome,

    /// <summary>The recipient did not take the flowers.</summary>
    RecipientRefused,

    /// <summary>Nobody there knows the recipient.</summary>
    RecipientUnknown,

    /// <summary>The recipient lives elsewhere now.</summary>
    RecipientMoved,

    /// <summary>The recipient could not be reached by phone where that was needed.</summary>
    RecipientUnreachable,

    /// <summary>The address cannot be found.</summary>
    AddressNotFound,

    /// <summary>The address lacks something: a flat, a ward, a name on the bell.</summary>
    AddressIncomplete,

    /// <summary>A gate, a doorman or a rule kept the courier out.</summary>
    AccessDenied,

    /// <summary>The business, school or desk is closed.</summary>
    BusinessClosed,

    /// <summary>Leaving was allowed, but there is no safe place.</summary>
    NoSafePlace,

    /// <summary>The code that the recipient gave was wrong.</summary>
    PinMismatch,

    /// <summary>The courier's round ended first.</summary>
    OutOfTime,

    /// <summary>Weather.</summary>
    Weather,

    /// <summary>Something on the courier's side: vehicle, staff, mistake.</summary>
    CourierIssue,

    /// <summary>The flowers are damaged.</summary>
    ItemDamaged,

    /// <summary>The flowers are lost.</summary>
    Lost,

    /// <summary>A traffic accident.</summary>
    Accident,

    /// <summary>The flowers could not be brought back.</summary>
    CouldNotReturn,

    /// <summary>Something else, told in the text.</summary>
    Other,
}

/// <summary>Questions that the rules ask of a state.</summary>
public static class DeliveryStates
{
    /// <summary>Progress within one attempt, 0 to 6. All terminal states share the highest.</summary>
    public static int Rank(this DeliveryState state) => state switch
    {
        DeliveryState.Pending => 0,
        DeliveryState.Assigned => 1,
        DeliveryState.OutForDelivery => 2,
        DeliveryState.Arrived => 3,
        DeliveryState.AttemptFailed => 4,
        DeliveryState.Returning => 5,
        DeliveryState.Delivered or DeliveryState.Returned or DeliveryState.Failed or DeliveryState.Cancelled => 6,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "a state without a rank"),
    };

    /// <summary>True for a state that no courier's report changes any more.</summary>
    public static bool IsTerminal(this DeliveryState state) => state.Rank() == 6;

    /// <summary>True for a state that says that the courier has, or had, the flowers.</summary>
    public static bool ClaimsCustody(this DeliveryState state) =>
        state.Rank() >= 2 && state != DeliveryState.Cancelled;

    /// <summary>True when nobody took the flowers from the courier's hand, so that only a photo can prove it.</summary>
    public static bool IsUnattended(this DeliveryOutcome outcome) => outcome == DeliveryOutcome.LeftInSafePlace;
}
