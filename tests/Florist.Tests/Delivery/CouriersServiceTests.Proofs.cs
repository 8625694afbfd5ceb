using System.Net;
using System.Text.Json;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Florist.Tests.Delivery.Proofs;
using Florist.Tests.Delivery.Streaming;
using Grpc.Core;
using Disposition = Florist.Protos.Delivery.V1.UpdateResult.Types.Disposition;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Tests.Delivery;

/// <summary>Images of hand-overs, from the courier's camera to the sender and away.</summary>
public sealed partial class CouriersServiceTests
{
    [Fact]
    public async Task A_photo_is_put_proves_the_hand_over_is_read_and_goes_after_30_days()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        CreateProofUploadResponse upload = await server.Couriers().CreateProofUploadAsync(
            new() { Parent = D1, Courier = "couriers/swift" });

        using HttpResponseMessage put = await server.Send(HttpMethod.Put, upload.UploadUri, Pictures.Jpeg(6));
        JsonElement answer = JsonDocument.Parse(await put.Content.ReadAsStringAsync()).RootElement;
        (string name, string sha256) = (Text(answer, "name"), Text(answer, "sha256"));
        UpdateResult result = Assert.Single((await server.Couriers().ReportUpdatesAsync(new()
        {
            Courier = "couriers/swift",
            Events = { Left("e1", name, sha256) },
        })).Results);
        ProofImage image = ProofImage.Read((await server.Delivery("o1")).Proof.PhotoUri)!;
        string uri = server.Shop.Get<ProofLinks>().ForReading(image).Uri;
        using HttpResponseMessage got = await server.Send(HttpMethod.Get, uri);
        byte[] content = await got.Content.ReadAsByteArrayAsync();

        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (put.StatusCode, Text(answer, "mimeType")));
        Assert.Equal((Disposition.Applied, false), (result.Disposition, result.ProofPending));
        Assert.Equal("image/jpeg", got.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", got.Headers.GetValues("x-content-type-options").Single());
        Assert.Equal(sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));
        Assert.DoesNotContain("CANARY", System.Text.Encoding.Latin1.GetString(content), StringComparison.Ordinal);
        server.Shop.Time.Advance(TimeSpan.FromDays(30));
        using HttpResponseMessage gone = await server.Send(HttpMethod.Get, uri);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        DateOnly today = DateOnly.FromDateTime(server.Shop.Time.GetUtcNow().UtcDateTime);
        Assert.Equal(1, server.Shop.Get<IProofStore>().Purge(today));
        Assert.Equal(0, server.Shop.Get<IProofStore>().Purge(today));
    }

    [Fact]
    public async Task Nothing_but_a_picture_and_nobody_but_the_legs_courier_gets_in()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        CreateProofUploadResponse upload = await server.Couriers().CreateProofUploadAsync(
            new() { Parent = D1, Courier = "couriers/swift" });

        Assert.Equal(415, await Put(server, upload.UploadUri, "<svg/>"u8.ToArray()));
        Assert.Equal(413, await Put(server, upload.UploadUri, new byte[(10 * 1024 * 1024) + 1]));
        Assert.Equal(403, await Put(server, upload.UploadUri[..^1], Pictures.Png()));
        using HttpResponseMessage forged = await server.Send(HttpMethod.Get, upload.UploadUri.Replace("uploads/", "", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        foreach (string delivery in (string[])[D1, "orders/o9/deliveries/d1"])
        {
            RpcException denied = await Assert.ThrowsAsync<RpcException>(async () =>
                await server.Couriers("Courier:other").CreateProofUploadAsync(
                    new() { Parent = delivery, Courier = "couriers/other" }));
            Assert.Equal(StatusCode.PermissionDenied, denied.StatusCode);
        }
    }

    [Fact]
    public async Task An_image_that_was_never_put_or_is_anothers_proves_nothing()
    {
        await using CourierServer server = await CourierServer.Start();
        await server.Order("o1", Deliveries.Swift);
        await server.Order("o2", Deliveries.Swift);
        CreateProofUploadResponse upload = await server.Couriers().CreateProofUploadAsync(
            new() { Parent = "orders/o2/deliveries/d1", Courier = "couriers/swift" });
        using HttpResponseMessage put = await server.Send(HttpMethod.Put, upload.UploadUri, Pictures.Png());
        JsonElement answer = JsonDocument.Parse(await put.Content.ReadAsStringAsync()).RootElement;
        string sha256 = new('a', 64);

        ReportUpdatesResponse response = await server.Couriers().ReportUpdatesAsync(new()
        {
            Courier = "couriers/swift",
            Events =
            {
                Left("e1", Text(answer, "name"), Text(answer, "sha256")),
                Left("e2", $"{D1}/proofImages/20300101-{sha256}", sha256),
                Left("e3", $"{D1}/proofImages/../../{sha256}", sha256),
            },
        });

        Assert.All(response.Results, result => Assert.Equal(Disposition.Rejected, result.Disposition));
        Assert.Equal(
            ["UNKNOWN_IMAGE", "UNKNOWN_IMAGE", "INVALID_URI"], response.Results.Select(result => result.Reason));
        Assert.Equal(DeliveryState.Assigned, (await server.Delivery("o1")).State);
    }

    private static async Task<int> Put(CourierServer server, string uri, byte[] body)
    {
        using HttpResponseMessage response = await server.Send(HttpMethod.Put, uri, body);
        return (int)response.StatusCode;
    }

    private static DeliveryEvent Left(string id, string photo, string sha256)
    {
        DeliveryEvent left = CourierCall.Event(id, State.Delivered, Now);
        left.StateReport.Outcome = Protos.Delivery.V1.Delivery.Types.Outcome.LeftInSafePlace;
        left.StateReport.Proof = new() { PhotoUri = photo, PhotoSha256 = sha256 };
        return left;
    }

    private static string Text(JsonElement answer, string name) => answer.GetProperty(name).GetString() ?? "";
}
