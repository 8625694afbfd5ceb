using System.Collections.Immutable;
using Florist.Customers;

namespace Florist.Messaging;

/// <summary>
/// What decides whether and how a customer may be written to, as it was when somebody looked. Carried by the commands
/// to the correspondence, which itself asks nobody.
/// </summary>
public sealed record Addressee
{
    /// <summary>The customer's revision that all of it was read at.</summary>
    public long Revision { get; init; }

    /// <summary>True when the customer is deleted: nothing is sent.</summary>
    public bool Deleted { get; init; }

    /// <summary>E-mail address; null when not known.</summary>
    public string? Email { get; init; }

    /// <summary>Mobile number in E.164; null when not known.</summary>
    public string? Mobile { get; init; }

    /// <summary>IANA zone whose nights are quiet.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Channels in the order that the customer prefers; empty leaves it to the shop.</summary>
    public ImmutableArray<Channel> Channels { get; init; } = [];

    /// <summary>What the customer agreed to.</summary>
    public ImmutableArray<OptIn> OptIns { get; init; } = [];

    /// <summary>Recipients who have died: nobody is reminded of them.</summary>
    public ImmutableArray<RecipientId> Deceased { get; init; } = [];

    /// <summary>Takes it from a customer.</summary>
    public static Addressee Of(CustomerView customer) => new()
    {
        Revision = customer.Revision,
        Deleted = customer.DeletedAt is not null,
        Email = customer.Email,
        Mobile = customer.Mobile,
        TimeZone = customer.TimeZone,
        Channels = customer.Preferences.Channels,
        OptIns = customer.Preferences.OptIns,
        Deceased = [.. customer.Recipients.Where(recipient => recipient.Deceased).Select(recipient => recipient.Id)],
    };

    /// <summary>The address on a channel; null when there is none.</summary>
    public string? AddressOn(Channel channel) => channel switch
    {
        Channel.Email => Email,
        Channel.Sms => Mobile,
        _ => null,
    };

    /// <summary>
    /// True when messages of the purpose may go out on the channel; notices about an order always may.
    /// </summary>
    public bool Allows(Channel channel, Purpose purpose) =>
        purpose == Purpose.OrderNotices || OptIns.Contains(new OptIn(channel, purpose));

    /// <summary>True when the customer named text messages, and before e-mail if that was named at all.</summary>
    public bool PrefersSms
    {
        get
        {
            int sms = Channels.IndexOf(Channel.Sms);
            int email = Channels.IndexOf(Channel.Email);
            return sms >= 0 && (email < 0 || sms < email);
        }
    }
}
