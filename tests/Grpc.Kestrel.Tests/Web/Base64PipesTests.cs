using System.Text;
using Grpc.Kestrel.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.Kestrel.Tests.Web;

public class Base64PipesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task A_request_may_consist_of_padded_pieces_of_any_length(int pieceLength)
    {
        byte[] frame = RawCall.Frame("a request in pieces");
        StringBuilder pieces = new();
        foreach (byte[] piece in frame.Chunk(pieceLength))
        {
            pieces.Append(Convert.ToBase64String(piece));
        }

        byte[] body = Encoding.ASCII.GetBytes(pieces.ToString());
        Assert.Equal(("a request in pieces", "grpc-status: 0\r\n"), await Call(body));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_request_may_arrive_in_parts_of_any_length(int partLength)
    {
        byte[] text = WebCall.Base64(RawCall.Frame("a request in parts"));

        Assert.Equal(("a request in parts", "grpc-status: 0\r\n"), await Call(text, partLength));
    }

    [Theory]
    [InlineData("!!!!")]
    [InlineData("AAAAAA")]
    [InlineData("AAAA=AAA")]
    [InlineData("====")]
    [InlineData("A===")]
    [InlineData("AAAA    AAAA")]
    [InlineData("AAAAAAMKAWE=A")]
    [InlineData("AAAA\r\nAAMKAWE=")]
    [InlineData("AA\0A")]
    public async Task What_is_not_base64_is_an_internal_error(string text)
    {
        (string? _, string status) = await Call(Encoding.ASCII.GetBytes(text));

        Assert.Equal("13", status);
    }

    private static async Task<(string? Text, string Status)> Call(byte[] body, int partLength = int.MaxValue)
    {
        await using ProbeServer server = await ProbeServer.Start(
            HttpProtocols.Http1,
            services => services.AddGrpc(),
            app =>
            {
                app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
                app.MapGrpcService<ProbeService>();
            });
        using HttpClient client = new() { BaseAddress = server.Address };
        HttpRequestMessage request = WebCall.Request("Unary", WebCall.Text, body);
        if (partLength < body.Length)
        {
            request.Content = new PartsContent(body, partLength, WebCall.Text);
        }

        WebAnswer answer = await client.CallWeb(request);
        return answer.Messages.Count > 0
            ? (answer.Reply().Text, answer.TrailerLines)
            : (null, answer.Headers["grpc-status"]);
    }
}
