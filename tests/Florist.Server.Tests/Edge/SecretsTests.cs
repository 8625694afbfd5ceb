using System.Collections.Concurrent;
using Florist.Kernel;
using Florist.Server.Tests.Auth;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Florist.Server.Tests.Edge;

/// <summary>What a log of everything that the product says must not hold.</summary>
public sealed class SecretsTests
{
    private const string Marked = "Xylophagous";

    [Fact]
    public async Task Neither_tokens_nor_what_people_write_gets_into_the_log()
    {
        await using LocalServer server = await LocalServer.Start(
            "--Logging:LogLevel:Default=Trace",
            "--Logging:LogLevel:Microsoft=Warning",
            "--Logging:Console:LogLevel:Default=None");
        using KeptLog log = new();
        server.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        CallInvoker invoker = channel.CreateCallInvoker();
        SampleRequests samples = await SampleRequests.OfAnna(server.Address);
        Metadata staff = TourClients.As("staff:sam");
        foreach (MethodDescriptor method in Doors.Services.SelectMany(service => service.Methods))
        {
            IMessage request = samples.For(method);
            await Doors.Knock(invoker, method, request.ToByteArray(), staff);
            Write(request, 0);
            await Doors.Knock(invoker, method, request.ToByteArray(), staff);
            await Doors.Knock(invoker, method, request.ToByteArray(), []);
        }

        string wrongToken = server.Token(CallerKind.Staff, "eve") + "x";
        await server.Send(HttpMethod.Get, $"/v1/customers?filter=email%20%3D%20%22{Marked}%22", token: wrongToken);
        await server.Send(HttpMethod.Post, "/v1/customers", $$"""{"givenName": "{{Marked}}" """, wrongToken);

        Assert.NotEmpty(log.Lines);
        string token = (staff.GetValue("authorization") ?? "").Split(' ')[1];
        string[] secrets =
        [
            Marked, token, wrongToken, token.Split('.')[2], "tok_visa", "Bearer ", "BS1 4DJ", "Quay Street",
            "florist-development-signing-key",
        ];
        Assert.All(secrets, secret => Assert.DoesNotContain(
            log.Lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    // Every text of a request that names nothing gets the mark, so that it can be known again.
    private static void Write(IMessage message, int depth)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder().Where(one => !one.IsRepeated))
        {
            object value = field.Accessor.GetValue(message);
            if (field.FieldType == FieldType.String && value is "" or "tok_visa")
            {
                field.Accessor.SetValue(message, Marked);
            }
            else if (value is IMessage inner && depth < 4)
            {
                Write(inner, depth + 1);
            }
        }
    }

    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Nothing is open.
        }
    }
}
