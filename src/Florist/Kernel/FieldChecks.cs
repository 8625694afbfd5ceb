using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>
/// Collects what is wrong with a request, field by field, so that a caller learns of all mistakes at once.
/// </summary>
public sealed class FieldChecks
{
    private readonly ImmutableArray<FieldFault>.Builder faults = ImmutableArray.CreateBuilder<FieldFault>();

    /// <summary>True while nothing wrong was found.</summary>
    public bool Passed => faults.Count == 0;

    /// <summary>Records a wrong field.</summary>
    public void Add(string field, string reason, string text) => faults.Add(new FieldFault(field, reason, text));

    /// <summary>Records <paramref name="field"/> as wrong unless <paramref name="holds"/>.</summary>
    public void That(bool holds, string field, string reason, string text)
    {
        if (!holds)
        {
            Add(field, reason, text);
        }
    }

    /// <summary>
    /// A required text: trimmed, in Unicode normal form C, at most <paramref name="maxLength"/> code points.
    /// </summary>
    /// <returns>The canonical text; empty when it was refused.</returns>
    public string Text(string field, string? value, int maxLength)
    {
        string? text = OptionalText(field, value, maxLength);
        if (text is null && !faults.Any(fault => fault.Field == field))
        {
            Add(field, "REQUIRED", "is required");
        }

        return text ?? "";
    }

    /// <summary>An optional text, canonical as in <see cref="Text"/>; null when absent, blank or refused.</summary>
    public string? OptionalText(string field, string? value, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (!CanonicalText.TryMake(value, out string text))
        {
            Add(field, "INVALID_TEXT", "is not well-formed Unicode, or holds control characters");
            return null;
        }

        if (CanonicalText.Length(text) > maxLength)
        {
            Add(field, "TOO_LONG", $"is longer than {maxLength} characters");
            return null;
        }

        return text;
    }

    /// <summary>The request's <c>request_id</c>: a UUID, in lower case; null when absent or refused.</summary>
    public string? RequestId(string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        if (Guid.TryParseExact(value, "D", out Guid id))
        {
            return id.ToString("D");
        }

        Add("request_id", "REQUEST_ID_INVALID", "is not a UUID");
        return null;
    }

    /// <summary>
    /// An id that the caller chose for a new resource: lower-case letters, digits and hyphens, at most 63, a letter
    /// first and no hyphen last (AIP-122); null when absent or refused.
    /// </summary>
    public string? ChosenId(string field, string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        bool fits = value.Length <= 63 && char.IsAsciiLetterLower(value[0]) && value[^1] != '-'
            && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        if (fits)
        {
            return value;
        }

        Add(field, "ID_INVALID", "must match [a-z]([a-z0-9-]{0,61}[a-z0-9])?");
        return null;
    }

    /// <summary>The collected faults as one refusal; null when nothing is wrong.</summary>
    public Fault? Fault => faults.Count == 0 ? null : Kernel.Fault.Invalid(faults.ToImmutable());
}
