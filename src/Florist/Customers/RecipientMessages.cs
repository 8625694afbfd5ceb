using Florist.Kernel;
using Message = Florist.Protos.Customers.V1.Recipient;

namespace Florist.Customers;

/// <summary>Recipients to and from their messages.</summary>
internal static class RecipientMessages
{
    private const string Field = "recipient";

    public static Recipient Read(Message message, RecipientId id, FieldChecks checks) => new()
    {
        Id = id,
        GivenName = ProfileReads.PersonName($"{Field}.given_name", message.GivenName, checks),
        FamilyName = ProfileReads.PersonName($"{Field}.family_name", message.FamilyName, checks),
        Relationship = FieldReads.Choice<Relationship>($"{Field}.relationship", (int)message.Relationship, checks),
        Address = PostalAddress.Read(message.Address, $"{Field}.address", checks),
        Phone = FieldReads.Phone($"{Field}.phone", message.Phone, checks),
        LikedStems = ProfileReads.Words($"{Field}.liked_stems", message.LikedStems, checks),
        DislikedStems = ProfileReads.Words($"{Field}.disliked_stems", message.DislikedStems, checks),
        LikedColours = ProfileReads.Words($"{Field}.liked_colors", message.LikedColors, checks),
        DislikedColours = ProfileReads.Words($"{Field}.disliked_colors", message.DislikedColors, checks),
        Allergies = ProfileReads.Words($"{Field}.allergies", message.Allergies, checks),
        HasCats = message.HasCats,
        HasDogs = message.HasDogs,
        AnnouncementAllowed = message.AnnouncementAllowed,
        Deceased = message.Deceased,
    };

    public static Message ToProto(this Recipient recipient, CustomerId customer)
    {
        Message message = new()
        {
            Name = recipient.Id.Name(customer),
            GivenName = recipient.GivenName,
            FamilyName = recipient.FamilyName,
            Relationship = (Message.Types.Relationship)(recipient.Relationship + 1),
            Address = recipient.Address?.ToProto(),
            Phone = recipient.Phone ?? "",
            HasCats = recipient.HasCats,
            HasDogs = recipient.HasDogs,
            AnnouncementAllowed = recipient.AnnouncementAllowed,
            Deceased = recipient.Deceased,
            CreateTime = recipient.CreatedAt.ToProto(),
            UpdateTime = recipient.UpdatedAt.ToProto(),
            Etag = Etags.Of(recipient.Revision),
        };
        message.LikedStems.AddRange(recipient.LikedStems);
        message.DislikedStems.AddRange(recipient.DislikedStems);
        message.LikedColors.AddRange(recipient.LikedColours);
        message.DislikedColors.AddRange(recipient.DislikedColours);
        message.Allergies.AddRange(recipient.Allergies);
        return message;
    }
}
