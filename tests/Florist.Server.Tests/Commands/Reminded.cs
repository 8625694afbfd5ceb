using Florist.Protos.Catalogue.V1;
using Florist.Protos.Customers.V1;
using Florist.Protos.Occasions.V1;
using Florist.Protos.Sandbox.V1;
using Florist.Server.Tour;
using Channel = Florist.Protos.Customers.V1.Customer.Types.Channel;
using Purpose = Florist.Protos.Customers.V1.Customer.Types.Purpose;

namespace Florist.Server.Tests.Commands;

/// <summary>A customer who is reminded of a birthday by text message in some weeks.</summary>
internal static class Reminded
{
    private const int BirthdayInDays = 35;
    private const int LeadDays = 14;

    /// <summary>After so long the reminder has fallen due, whatever the hour of the day.</summary>
    public static TimeSpan LeadsIn => TimeSpan.FromDays(BirthdayInDays - LeadDays + 1);

    /// <summary>Makes the customer and the occasion; answers the customer's name.</summary>
    public static async Task<string> Add(TourClients clients)
    {
        Clock clock = await clients.Sandbox.GetClockAsync(new GetClockRequest(), clients.Staff);
        DateTime birthday = clock.CurrentTime.ToDateTime().AddDays(BirthdayInDays);
        Customer asked = new()
        {
            GivenName = "Anna",
            FamilyName = "Moore",
            Mobile = "+447700900123",
            RegionCode = "GB",
            LanguageCode = "en-GB",
            Preferences = new() { Channels = { Channel.Sms } },
        };
        asked.Preferences.OptIns.Add(new Customer.Types.OptIn
        {
            Channel = Channel.Sms,
            Purpose = Purpose.OccasionReminders,
        });
        Customer created = await clients.Customers.CreateCustomerAsync(
            new CreateCustomerRequest { Customer = asked }, clients.Staff);
        await clients.Occasions.CreateOccasionAsync(
            new CreateOccasionRequest
            {
                Parent = created.Name,
                Occasion = new()
                {
                    Kind = Occasion.Types.Kind.Birthday,
                    Title = "Mum's birthday",
                    Date = new() { Year = 1962, Month = birthday.Month, Day = birthday.Day },
                    Category = OccasionCategory.Birthday,
                    LeadDays = { LeadDays },
                },
            },
            clients.Staff);
        return created.Name;
    }
}
