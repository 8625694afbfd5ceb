using Florist.Kernel;

namespace Florist.Customers;

/// <summary>What may be done to a customer's recipients.</summary>
internal static class RecipientRules
{
    public static Outcome<CustomerChange> Add(CustomerRecord record, AddRecipient command, CustomerId id)
    {
        if (CustomerRules.Obstacle(record, id) is { } obstacle)
        {
            return obstacle;
        }

        if (record.Recipients.ContainsKey(command.Recipient.Id.Value))
        {
            return Fault.Exists(command.Recipient.Id.Name(id));
        }

        if (record.Recipients.Count >= CustomerLimits.RecipientsMax)
        {
            return Fault.TooMany("RECIPIENTS_LIMIT", $"a customer can have {CustomerLimits.RecipientsMax} recipients");
        }

        return Mistake(command.Recipient) is { } fault ? fault : new RecipientSet(command.Recipient);
    }

    public static Outcome<CustomerChange> Change(CustomerRecord record, ChangeRecipient command, CustomerId id)
    {
        if (Found(record, command.Values.Id, command.Etag, id).Failed(out Fault? fault, out Recipient? recipient))
        {
            return fault;
        }

        Recipient merged = RecipientPaths.Merge(recipient, command.Values, command.Paths);
        return Mistake(merged) is { } mistake ? mistake : new RecipientSet(merged);
    }

    public static Outcome<CustomerChange> Remove(CustomerRecord record, RemoveRecipient command, CustomerId id) =>
        Found(record, command.Id, command.Etag, id)
            .Then<CustomerChange>(recipient => new RecipientRemoved(recipient.Id));

    private static Outcome<Recipient> Found(CustomerRecord record, RecipientId recipient, string? etag, CustomerId id)
    {
        if (CustomerRules.Obstacle(record, id) is { } obstacle)
        {
            return obstacle;
        }

        if (!record.Recipients.TryGetValue(recipient.Value, out Recipient? found))
        {
            return Fault.NotFound(recipient.Name(id));
        }

        return Etags.Matches(etag, found.Revision) ? found : Fault.Stale(recipient.Name(id));
    }

    private static Fault? Mistake(Recipient recipient)
    {
        FieldChecks checks = new();
        checks.That(
            recipient.GivenName.Length + recipient.FamilyName.Length > 0,
            "recipient.given_name", "REQUIRED", "is required when there is no family name");
        CustomerRules.CheckTastes(checks, "recipient.disliked_stems", recipient.LikedStems, recipient.DislikedStems);
        CustomerRules.CheckTastes(
            checks, "recipient.disliked_colors", recipient.LikedColours, recipient.DislikedColours);
        return checks.Fault;
    }
}
