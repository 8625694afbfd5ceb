namespace Florist.Kernel;

/// <summary>Reads fields of the contract's messages that several features have, collecting what is wrong.</summary>
public static class FieldReads
{
    /// <summary>An e-mail address in the form of <see cref="ContactRules"/>; null when absent or refused.</summary>
    public static string? Email(string field, string value, FieldChecks checks)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (CanonicalText.TryMake(value, out string text) && ContactRules.TryEmail(text, out string email))
        {
            return email;
        }

        checks.Add(field, "EMAIL_INVALID", "is not an e-mail address such as name@example.org");
        return null;
    }

    /// <summary>A telephone number in the form of <see cref="ContactRules"/>; null when absent or refused.</summary>
    public static string? Phone(string field, string value, FieldChecks checks)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (ContactRules.TryPhone(value, out string phone))
        {
            return phone;
        }

        checks.Add(field, "PHONE_INVALID", "is not a telephone number in E.164, such as +447700900123");
        return null;
    }

    /// <summary>An IANA time zone; empty when absent or refused.</summary>
    public static string Zone(string field, string value, FieldChecks checks)
    {
        if (value.Length == 0 || Zones.Known(value))
        {
            return value;
        }

        checks.Add(field, "TIME_ZONE_UNKNOWN", "is not an IANA time zone, such as Europe/London");
        return "";
    }

    /// <summary>
    /// The value of ours for an enum of the contract, whose numbers are one above our own because 0 means unset; null
    /// when unset, or one that this version does not know.
    /// </summary>
    public static TOwn? Known<TOwn>(int number)
        where TOwn : struct, Enum =>
        number != 0 && Enum.IsDefined(typeof(TOwn), number - 1)
            ? (TOwn)Enum.ToObject(typeof(TOwn), number - 1)
            : null;

    /// <summary>As <see cref="Known"/>; a value that this version does not know is refused.</summary>
    public static TOwn? Optional<TOwn>(string field, int number, FieldChecks checks)
        where TOwn : struct, Enum
    {
        TOwn? own = Known<TOwn>(number);
        checks.That(
            number == 0 || own is not null, field, "VALUE_UNKNOWN", "is not a value that this version knows");
        return own;
    }

    /// <summary>As <see cref="Optional"/>; unset means our first value.</summary>
    public static TOwn Choice<TOwn>(string field, int number, FieldChecks checks)
        where TOwn : struct, Enum => Optional<TOwn>(field, number, checks) ?? default;

    /// <summary>As <see cref="Optional"/>, but unset is refused.</summary>
    public static TOwn Required<TOwn>(string field, int number, FieldChecks checks)
        where TOwn : struct, Enum
    {
        checks.That(number != 0, field, "REQUIRED", "is required");
        return Choice<TOwn>(field, number, checks);
    }
}
