using Florist.Kernel;
using Florist.Occasions;
using Florist.Protos.Occasions.V1;
using Florist.Tests.Testing;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Client = Florist.Protos.Occasions.V1.OccasionService.OccasionServiceClient;
using Message = Florist.Protos.Occasions.V1.Occasion;
using ReminderMessage = Florist.Protos.Occasions.V1.UpcomingReminder;
using SettingsMessage = Florist.Protos.Occasions.V1.ReminderSettings;
using Types = Florist.Protos.Occasions.V1.Occasion.Types;

namespace Florist.Tests.Occasions;

public sealed class OccasionsServiceTests : IAsyncLifetime
{
    private const string Nobody = "customers/nobody";

    private TestShop? shop;
    private TestEdge? edge;

    private static Message Birthday => new()
    {
        Kind = Types.Kind.Birthday,
        Title = "Mum's birthday",
        Date = new() { Year = 1950, Month = 3, Day = 10 },
        Recipient = "customers/anna/recipients/mum",
    };

    private Client Anna => new(Edge.As(CallerKind.Customer, "anna"));

    private Client Staff => new(Edge.As(CallerKind.Staff, "kim"));

    private TestEdge Edge => edge ?? throw new InvalidOperationException();

    public async ValueTask InitializeAsync()
    {
        shop = await OccasionShop.Start(new ReminderLedger());
        edge = await TestEdge.Start(shop, map => map.MapOccasions());
    }

    public async ValueTask DisposeAsync()
    {
        if (edge is not null)
        {
            await edge.DisposeAsync();
        }

        if (shop is not null)
        {
            await shop.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_occasion_is_answered_as_it_was_sent_with_what_follows_from_it()
    {
        Message created = await Create(Birthday);
        Message got = await Staff.GetOccasionAsync(new() { Name = created.Name });

        Assert.Equal(created, got);
        Assert.StartsWith("customers/anna/occasions/", created.Name, StringComparison.Ordinal);
        Assert.Equal(Birthday.Date, created.Date);
        Assert.Equal(Types.LeapPolicy.Backward, created.LeapPolicy);
        Assert.Equal(Protos.Catalogue.V1.OccasionCategory.Birthday, created.Category);
        Assert.Equal(new Google.Type.Date { Year = 2027, Month = 3, Day = 10 }, created.NextDate);
        Assert.Equal(77, created.NextYears);
        Assert.Equal("\"1\"", created.Etag);
        Assert.Equal(OccasionShop.NewYear, created.CreateTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task Every_form_of_the_day_goes_there_and_back()
    {
        Message weekday = await Create(new(Birthday)
        {
            Weekday = new() { Month = Google.Type.Month.May, Weekday = Google.Type.DayOfWeek.Sunday, Ordinal = -1 },
        });
        Message monday = await Create(new(Birthday)
        {
            Weekday = new() { Month = Google.Type.Month.June, Weekday = Google.Type.DayOfWeek.Monday, Ordinal = 1 },
        });
        Message easter = await Create(new(Birthday) { EasterOffsetDays = 0 });
        Message holiday = await Create(new(Birthday)
        {
            Kind = Types.Kind.Holiday,
            Holiday = new() { Feast = Types.Holiday.Types.Feast.MothersDay, RegionCode = "GB" },
        });

        Assert.Equal((2027, 5, 30), On(weekday));
        Assert.Equal(Google.Type.DayOfWeek.Sunday, weekday.Weekday.Weekday);
        Assert.Equal((2027, 6, 7), On(monday));
        Assert.Equal(Google.Type.DayOfWeek.Monday, monday.Weekday.Weekday);
        Assert.Equal((2027, 3, 28), On(easter));
        Assert.Equal(Message.DayOneofCase.EasterOffsetDays, easter.DayCase);
        Assert.Equal((2027, 3, 7), On(holiday));
        Assert.Equal(Protos.Catalogue.V1.OccasionCategory.MothersDay, holiday.Category);
        Assert.Equal("GB", holiday.Holiday.RegionCode);
    }

    [Fact]
    public async Task All_wrong_fields_are_named_at_once()
    {
        Message wrong = new()
        {
            Kind = (Types.Kind)99,
            Holiday = new() { RegionCode = "GB" },
            Category = (Protos.Catalogue.V1.OccasionCategory)77,
        };

        RpcException refused = await Refused(
            Anna.CreateOccasionAsync(new() { Parent = "customers/anna", Occasion = wrong, RequestId = "x" }));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(
            ["occasion.category", "occasion.holiday.feast", "occasion.kind", "request_id"],
            Details<BadRequest>(refused).FieldViolations.Select(field => field.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Whoever_names_another_customers_occasion_is_denied_whether_or_not_it_exists()
    {
        string name = (await Create(Birthday)).Name;
        Client ben = new(Edge.As(CallerKind.Customer, "ben"));
        Client anonymous = new(Edge.As(CallerKind.Anonymous, ""));
        foreach (Client stranger in new[] { ben, anonymous })
        {
            foreach (string asked in new[] { name, "customers/anna/occasions/none" })
            {
                await Refused(StatusCode.PermissionDenied, stranger.GetOccasionAsync(new() { Name = asked }));
                await Refused(StatusCode.PermissionDenied, stranger.DeleteOccasionAsync(new() { Name = asked }));
                await Refused(StatusCode.PermissionDenied, stranger.MuteOccasionAsync(new() { Name = asked }));
            }

            await Refused(
                StatusCode.PermissionDenied, stranger.ListUpcomingRemindersAsync(new() { Parent = "customers/anna" }));
        }

        Message forNobody = new(Birthday) { Recipient = "" };
        await Refused(StatusCode.NotFound, Staff.GetOccasionAsync(new() { Name = "customers/anna/occasions/none" }));
        await Refused(StatusCode.NotFound, Staff.ListOccasionsAsync(new() { Parent = Nobody }));
        await Refused(
            StatusCode.NotFound, Staff.CreateOccasionAsync(new() { Parent = Nobody, Occasion = forNobody }));
    }

    [Fact]
    public async Task An_update_without_a_mask_changes_what_is_populated_and_a_stale_one_nothing()
    {
        Message created = await Create(Birthday);
        Message values = new() { Name = created.Name, Title = "Mother", Etag = created.Etag };

        Message updated = await Anna.UpdateOccasionAsync(new() { Occasion = values });
        RpcException stale = await Refused(Anna.UpdateOccasionAsync(new() { Occasion = values }));

        Assert.Equal("Mother", updated.Title);
        Assert.Equal(created.Date, updated.Date);
        Assert.Equal(created.Recipient, updated.Recipient);
        Assert.Equal("\"2\"", updated.Etag);
        Assert.Equal(StatusCode.Aborted, stale.StatusCode);
    }

    [Fact]
    public async Task An_update_with_a_mask_may_clear_a_field_or_move_the_day_to_another_form()
    {
        string name = (await Create(Birthday)).Name;

        Message cleared = await Anna.UpdateOccasionAsync(new()
        {
            Occasion = new() { Name = name },
            UpdateMask = FieldMask.FromString("recipient"),
        });
        Message moved = await Anna.UpdateOccasionAsync(
            new() { Occasion = new() { Name = name, EasterOffsetDays = 0 } });
        RpcException empty = await Refused(Anna.UpdateOccasionAsync(new()
        {
            Occasion = new() { Name = name },
            UpdateMask = FieldMask.FromString("date"),
        }));

        Assert.Equal("", cleared.Recipient);
        Assert.Equal("Mum's birthday", cleared.Title);
        Assert.Equal((2027, 3, 28), On(moved));
        Assert.Equal("occasion.date", Assert.Single(Details<BadRequest>(empty).FieldViolations).Field);
    }

    [Fact]
    public async Task Muting_and_unmuting_are_seen_in_the_occasion_and_in_the_reminders_to_come()
    {
        string name = (await Create(Birthday)).Name;
        Message muted = await Anna.MuteOccasionAsync(new() { Name = name });
        ListUpcomingRemindersRequest upcoming = new() { Parent = "customers/me" };
        ListUpcomingRemindersResponse silent = await Anna.ListUpcomingRemindersAsync(upcoming);
        Message unmuted = await Anna.UnmuteOccasionAsync(new() { Name = name, Etag = muted.Etag });
        ListUpcomingRemindersResponse speaking = await Anna.ListUpcomingRemindersAsync(upcoming);

        Assert.Equal(Types.MuteReason.Asked, muted.MuteReason);
        Assert.Empty(silent.UpcomingReminders);
        Assert.Equal(Types.MuteReason.Unspecified, unmuted.MuteReason);
        Assert.Equal([14, 3], speaking.UpcomingReminders.Select(reminder => reminder.LeadDays));
        ReminderMessage first = speaking.UpcomingReminders[0];
        Assert.Equal(name, first.Occasion);
        Assert.Equal(Books.At("2027-02-24T09:00:00Z"), first.RemindTime.ToDateTimeOffset());
        Assert.Equal(Books.At("2027-03-10T14:00:00Z"), first.ExpireTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task Reminders_to_come_are_listed_page_by_page_until_the_time_asked_for()
    {
        await Create(Birthday);
        await Create(new(Birthday) { Date = new() { Month = 7, Day = 1 }, LeadDays = { 60, 30, 7, 1 } });
        List<int> leads = [];
        ListUpcomingRemindersRequest request = new()
        {
            Parent = "customers/anna",
            PageSize = 4,
            EndTime = Books.At("2028-03-07T09:00:00Z").ToTimestamp(),
        };
        do
        {
            ListUpcomingRemindersResponse page = await Anna.ListUpcomingRemindersAsync(request);
            leads.AddRange(page.UpcomingReminders.Select(reminder => reminder.LeadDays));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal([14, 3, 60, 30, 7, 1, 14], leads);
        request.EndTime = Books.At("2030-01-01T00:00:00Z").ToTimestamp();
        Assert.Equal(StatusCode.InvalidArgument, (await Refused(Anna.ListUpcomingRemindersAsync(request))).StatusCode);
    }

    [Fact]
    public async Task Occasions_are_filtered_ordered_and_paged()
    {
        await Create(new(Birthday) { Title = "B", Date = new() { Month = 12, Day = 1 } });
        await Create(new(Birthday) { Title = "A", Date = new() { Month = 3, Day = 1 } });
        await Create(new(Birthday) { Title = "C", Kind = Types.Kind.NameDay, Recipient = "" });
        ListOccasionsRequest request = new() { Parent = "customers/anna", OrderBy = "next_date desc", PageSize = 2 };

        ListOccasionsResponse first = await Anna.ListOccasionsAsync(request);
        ListOccasionsResponse second = await Anna.ListOccasionsAsync(new(request) { PageToken = first.NextPageToken });
        ListOccasionsResponse named = await Anna.ListOccasionsAsync(new()
        {
            Parent = "customers/anna",
            Filter = "kind = NAME_DAY AND NOT recipient:* AND next_date > \"2027-03-01\"",
        });

        Assert.Equal(["B", "C"], first.Occasions.Select(occasion => occasion.Title));
        Assert.Equal(["A"], second.Occasions.Select(occasion => occasion.Title));
        Assert.Equal("", second.NextPageToken);
        Assert.Equal(["C"], named.Occasions.Select(occasion => occasion.Title));
    }

    [Fact]
    public async Task Reminder_settings_have_a_default_and_go_back_to_it_when_emptied()
    {
        const string Name = "customers/anna/reminderSettings";
        SettingsMessage before = await Anna.GetReminderSettingsAsync(new() { Name = Name });
        SettingsMessage changed = await Anna.UpdateReminderSettingsAsync(
            new() { ReminderSettings = new() { Name = Name, LeadDays = { 1, 21 }, Etag = before.Etag } });
        SettingsMessage emptied = await Anna.UpdateReminderSettingsAsync(
            new() { ReminderSettings = new() { Name = Name }, UpdateMask = FieldMask.FromString("lead_days") });
        RpcException refused = await Refused(Anna.UpdateReminderSettingsAsync(
            new() { ReminderSettings = new() { Name = Name, LeadDays = { 61 } } }));

        Assert.Equal([14, 3], before.LeadDays);
        Assert.Equal([21, 1], changed.LeadDays);
        Assert.Equal([14, 3], emptied.LeadDays);
        Assert.Equal(
            "reminder_settings.lead_days", Assert.Single(Details<BadRequest>(refused).FieldViolations).Field);
    }

    [Fact]
    public async Task A_repeated_creation_is_one_occasion_and_a_removed_one_is_gone()
    {
        CreateOccasionRequest request = new()
        {
            Parent = "customers/me",
            Occasion = Birthday,
            RequestId = "7f0c8a52-0f0a-4a55-9d84-5a3a06d2c1ee",
        };
        Message first = await Anna.CreateOccasionAsync(request);
        Message second = await Anna.CreateOccasionAsync(request);

        Assert.Equal(first, second);
        await Anna.DeleteOccasionAsync(new() { Name = first.Name });
        Assert.Empty((await Anna.ListOccasionsAsync(new() { Parent = "customers/anna" })).Occasions);
    }

    private static (int Year, int Month, int Day) On(Message occasion) =>
        (occasion.NextDate.Year, occasion.NextDate.Month, occasion.NextDate.Day);

    private static async Task<RpcException> Refused<T>(AsyncUnaryCall<T> call) =>
        await Assert.ThrowsAsync<RpcException>(async () => await call);

    private static async Task Refused<T>(StatusCode code, AsyncUnaryCall<T> call) =>
        Assert.Equal(code, (await Refused(call)).StatusCode);

    private static T Details<T>(RpcException refused)
        where T : Google.Protobuf.IMessage<T>, new()
    {
        byte[] details = refused.Trailers.GetValueBytes(FaultStatus.DetailsTrailer) ?? [];
        return Google.Rpc.Status.Parser.ParseFrom(details).Details
            .First(detail => detail.Is(new T().Descriptor)).Unpack<T>();
    }

    private async Task<Message> Create(Message occasion) =>
        await Anna.CreateOccasionAsync(new() { Parent = "customers/anna", Occasion = occasion });
}
