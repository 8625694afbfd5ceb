using System.Collections;
using System.Text;
using Florist.Kernel;
using Florist.Server.Auth;
using Florist.Server.Tests.Auth;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Server.Tests.Edge;

/// <summary>Requests of a size, depth or length that no honest caller sends.</summary>
public sealed class LimitsTests(LocalServer server) : IClassFixture<LocalServer>
{
    private const int TextLength = 200_000;
    private const int ListLength = 20_000;

    private static readonly StatusCode[] Bugs =
        [StatusCode.Internal, StatusCode.Unknown, StatusCode.DataLoss, StatusCode.Unavailable];

    [Fact]
    public async Task No_text_and_no_list_is_so_long_that_a_call_breaks_or_takes_it()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        CallInvoker invoker = channel.CreateCallInvoker();
        SampleRequests samples = await SampleRequests.OfAnna(server.Address);
        PolicyTable policies = server.Services.GetRequiredService<PolicyTable>();
        List<string> wrong = [];
        foreach (MethodDescriptor method in Doors.Services.SelectMany(service => service.Methods))
        {
            bool keeps = policies.Find($"/{method.Service.FullName}/{method.Name}")?.Pace == Pace.Write;
            foreach ((string field, IMessage request) in Oversized(() => samples.For(method)))
            {
                (StatusCode status, byte[] answer) = await Doors.Ask(
                    invoker, method, request.ToByteArray(), TourClients.As("staff:sam"));

                // A field that an update does not touch may hold anything, and is not found in the answer.
                if (Bugs.Contains(status) || (keeps && answer.Length >= ListLength))
                {
                    wrong.Add($"{method.FullName} with a very long {field} answers {status}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("[")]
    public async Task Json_of_any_depth_is_refused_and_nothing_else_happens(string step)
    {
        string deep = string.Concat(Enumerable.Repeat(step, 100_000));

        (HttpResponseMessage answer, _) = await server.Send(
            HttpMethod.Post, "/v1/customers", deep, server.Token(CallerKind.Staff, "sam"));

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Messages_of_any_depth_are_refused_and_nothing_else_happens()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        MethodDescriptor create = Doors.Services.Single(service => service.Name == "CustomerService").Methods
            .Single(method => method.Name == "CreateCustomer");

        // Groups of a field that nobody knows, one in the other, each begun by a tag of two bytes.
        byte[] deep = [.. Enumerable.Repeat<byte[]>([0xFB, 0x07], 500_000).SelectMany(tag => tag)];
        StatusCode status = await Doors.Knock(
            channel.CreateCallInvoker(), create, deep, TourClients.As("staff:sam"));
        (HttpResponseMessage after, _) = await server.Send(HttpMethod.Get, "/healthz");

        Assert.Contains(status, (StatusCode[])[StatusCode.Internal, StatusCode.InvalidArgument]);
        Assert.Equal(200, (int)after.StatusCode);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_not_read_to_its_end()
    {
        string large = $$"""{"givenName": "{{new string('x', 2 << 20)}}"}""";

        (HttpResponseMessage answer, _) = await server.Send(
            HttpMethod.Post, "/v1/customers", large, server.Token(CallerKind.Staff, "sam"));

        Assert.Equal(413, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_message_above_the_limit_is_refused_before_it_is_read()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        MethodDescriptor create = Doors.Services.Single(service => service.Name == "CustomerService").Methods
            .Single(method => method.Name == "CreateCustomer");

        Method<byte[], byte[]> called = new(
            MethodType.Unary, create.Service.FullName, create.Name, Doors.Bytes, Doors.Bytes);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => channel.CreateCallInvoker().AsyncUnaryCall(
            called, null, new CallOptions(TourClients.As("staff:sam")), new byte[(4 << 20) + 1]).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    // The request again and again, each time with another one of its texts or lists far too long.
    private static IEnumerable<(string Field, IMessage Request)> Oversized(Func<IMessage> make)
    {
        foreach (FieldDescriptor[] path in Paths(make().Descriptor, []))
        {
            IMessage request = make();
            if (Inner(request, path[..^1]) is { } holder && TryFill(path[^1], holder))
            {
                yield return (string.Join('.', path.Select(field => field.Name)), request);
            }
        }
    }

    private static IEnumerable<FieldDescriptor[]> Paths(MessageDescriptor type, FieldDescriptor[] before)
    {
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            FieldDescriptor[] path = [.. before, field];
            bool isOutput = field.GetOptions()?.GetExtension(Google.Api.FieldBehaviorExtensions.FieldBehavior)
                ?.Contains(Google.Api.FieldBehavior.OutputOnly) == true;
            if (isOutput)
            {
                continue;
            }

            yield return path;
            if (field.FieldType == FieldType.Message && !field.IsRepeated && path.Length < 3)
            {
                foreach (FieldDescriptor[] inner in Paths(field.MessageType, path))
                {
                    yield return inner;
                }
            }
        }
    }

    private static IMessage? Inner(IMessage message, FieldDescriptor[] path)
    {
        foreach (FieldDescriptor field in path)
        {
            if (field.Accessor.GetValue(message) is not IMessage)
            {
                field.Accessor.SetValue(message, Activator.CreateInstance(field.MessageType.ClrType));
            }

            message = (IMessage)field.Accessor.GetValue(message);
        }

        return message;
    }

    private static bool TryFill(FieldDescriptor field, IMessage holder)
    {
        if (field.IsMap)
        {
            return false;
        }

        if (field.IsRepeated)
        {
            IList list = (IList)field.Accessor.GetValue(holder);
            object? one = field.FieldType switch
            {
                FieldType.String => "x",
                FieldType.Message => Activator.CreateInstance(field.MessageType.ClrType),
                _ => null,
            };
            for (int i = 0; one is not null && i < ListLength; i++)
            {
                list.Add(one);
            }

            return one is not null;
        }

        if (field.FieldType == FieldType.String)
        {
            field.Accessor.SetValue(holder, new string('x', TextLength));
            return true;
        }

        return false;
    }
}
