namespace Florist.Messaging;

/// <summary>What a message tells. Stored by name: a kind is never renamed.</summary>
public enum MessageKind
{
    /// <summary>The order is paid for and promised.</summary>
    OrderConfirmed,

    /// <summary>The order was cancelled.</summary>
    OrderCancelled,

    /// <summary>The payment was declined or never came, and the order has ended.</summary>
    PaymentFailed,

    /// <summary>A courier has taken the order on.</summary>
    Dispatched,

    /// <summary>The flowers are on their way.</summary>
    OutForDelivery,

    /// <summary>The courier is minutes away.</summary>
    NearlyThere,

    /// <summary>The flowers were handed over or left as agreed.</summary>
    Delivered,

    /// <summary>The courier came in vain.</summary>
    AttemptFailed,

    /// <summary>The flowers will not arrive: they are back at the shop, lost or spoilt.</summary>
    DeliveryFailed,

    /// <summary>An occasion comes near.</summary>
    OccasionReminder,

    /// <summary>The flowers will be later than promised.</summary>
    RunningLate,

    /// <summary>A promise was not kept, and what we do about it.</summary>
    PromiseBroken,

    /// <summary>A stem is missing, and the customer is asked whether another may take its place.</summary>
    SubstitutionProposed,
}

/// <summary>Where a message stands.</summary>
public enum MessageState
{
    /// <summary>Decided; it leaves as soon as possible.</summary>
    Pending,

    /// <summary>It waits for an instant: the end of the quiet hours, or the next try.</summary>
    Deferred,

    /// <summary>It is being handed to the provider: the intent is durable, the outcome is not known yet.</summary>
    Sending,

    /// <summary>The provider has taken it.</summary>
    Sent,

    /// <summary>The provider will never take it.</summary>
    Failed,

    /// <summary>The provider may have taken it. With an instant to ask again, the question is still open.</summary>
    Uncertain,

    /// <summary>It had become useless before it could leave.</summary>
    Expired,

    /// <summary>It was decided not to send it.</summary>
    Suppressed,
}

/// <summary>Why a message stands where it stands, as it is stored and shown.</summary>
public static class MessageReasons
{
    /// <summary>The customer is deleted.</summary>
    public const string CustomerDeleted = "CUSTOMER_DELETED";

    /// <summary>Of a death nobody is reminded and nothing is sold on it.</summary>
    public const string Sympathy = "SYMPATHY";

    /// <summary>The recipient has died.</summary>
    public const string RecipientDeceased = "RECIPIENT_DECEASED";

    /// <summary>Later news of the same order or delivery is known.</summary>
    public const string Superseded = "SUPERSEDED";

    /// <summary>There is no address on any channel that the message may take.</summary>
    public const string NoAddress = "NO_ADDRESS";

    /// <summary>The customer has not agreed to such messages on the channels there are addresses for.</summary>
    public const string NoConsent = "NO_CONSENT";

    /// <summary>The message is only worth it on a channel that the customer does not prefer.</summary>
    public const string ChannelNotPreferred = "CHANNEL_NOT_PREFERRED";

    /// <summary>It would disturb the customer's night.</summary>
    public const string QuietHours = "QUIET_HOURS";

    /// <summary>A promise to the customer is endangered or broken: first that is put right.</summary>
    public const string PromiseOpen = "PROMISE_OPEN";

    /// <summary>It came, or was left, too late to be of use.</summary>
    public const string TooLate = "TOO_LATE";

    /// <summary>The answer of the provider was lost and cannot be found out.</summary>
    public const string OutcomeUnknown = "OUTCOME_UNKNOWN";

    /// <summary>An operator gave it up.</summary>
    public const string DroppedByOperator = "DROPPED_BY_OPERATOR";

    /// <summary>The answer of the provider was lost; it will be asked.</summary>
    public const string AnswerLost = "ANSWER_LOST";
}
