using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Kestrel.Tests.Probe;
using Grpc.Kestrel.Tests.Testing;
using Grpc.Net.Client;
using Grpc.Reflection;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using UnderTest.Proto.Inner;
using Alpha = Grpc.Reflection.V1Alpha;

namespace Grpc.Kestrel.Tests.Reflection;

public class ReflectionServiceImplTests
{
    [Fact]
    public async Task All_mapped_services_are_listed_also_those_mapped_later()
    {
        await using ProbeServer server = await Start();

        ServerReflectionResponse answer = Assert.Single(await Ask(
            server, new ServerReflectionRequest { Host = "shop.example", ListServices = "*" }));

        Assert.Equal(
            [
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection", "probe.v1.Probe",
            ],
            answer.ListServicesResponse.Service.Select(service => service.Name));
        Assert.Equal(("shop.example", "*"), (answer.ValidHost, answer.OriginalRequest.ListServices));
    }

    [Theory]
    [InlineData("probe.v1.Probe")]
    [InlineData("probe.v1.Probe.Unary")]
    [InlineData("probe.v1.ProbeRequest")]
    [InlineData("probe.v1.ProbeRequest.text")]
    [InlineData("probe.v1.ProbeReply")]
    public async Task The_file_of_a_symbol_is_found_with_all_that_it_imports(string symbol)
    {
        await using ProbeServer server = await Start();

        ServerReflectionResponse answer = Assert.Single(await Ask(
            server, new ServerReflectionRequest { FileContainingSymbol = symbol }));

        Assert.Equal(["probe.proto"], FileNames(answer));
    }

    [Fact]
    public void Imports_go_before_the_files_that_need_them()
    {
        ReflectionAnswers answers = ReflectionAnswers.Of(InnerReflection.Descriptor.Services);

        ServerReflectionResponse answer =
            answers.Answer(new ServerReflectionRequest { FileByFilename = "inner.proto" });

        Assert.Equal(["google/protobuf/descriptor.proto", "inner.proto"], FileNames(answer));
    }

    [Fact]
    public void Extensions_are_found_by_the_message_they_extend()
    {
        ReflectionAnswers answers = ReflectionAnswers.Of(InnerReflection.Descriptor.Services);

        ServerReflectionResponse file = answers.Answer(new ServerReflectionRequest
        {
            FileContainingExtension = new()
            {
                ContainingType = "google.protobuf.FieldOptions",
                ExtensionNumber = 50_001,
            },
        });
        ServerReflectionResponse numbers = answers.Answer(
            new ServerReflectionRequest { AllExtensionNumbersOfType = "google.protobuf.FieldOptions" });
        ServerReflectionResponse none = answers.Answer(
            new ServerReflectionRequest { AllExtensionNumbersOfType = "inner.v1.Outer.Deep" });

        Assert.Equal("inner.proto", FileNames(file)[^1]);
        Assert.Equal([50_001, 50_002], numbers.AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Empty(none.AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Equal("inner.v1.Outer.Deep", none.AllExtensionNumbersResponse.BaseTypeName);
    }

    [Fact]
    public async Task A_question_without_an_answer_is_told_so_and_the_stream_goes_on()
    {
        await using ProbeServer server = await Start();

        IReadOnlyList<ServerReflectionResponse> answers = await Ask(
            server,
            new ServerReflectionRequest { FileByFilename = "missing.proto" },
            new ServerReflectionRequest { FileContainingSymbol = "probe.v1.Missing" },
            new ServerReflectionRequest { AllExtensionNumbersOfType = "probe.v1.Missing" },
            new ServerReflectionRequest { FileContainingExtension = new() { ContainingType = "probe.v1.ProbeReply" } },
            new ServerReflectionRequest(),
            new ServerReflectionRequest { FileByFilename = "probe.proto" });

        Assert.Equal(
            [.. Enumerable.Repeat(StatusCode.NotFound, 4), StatusCode.Unimplemented],
            answers.Take(5).Select(answer => (StatusCode)answer.ErrorResponse.ErrorCode));
        Assert.Equal(["probe.proto"], FileNames(answers[5]));
    }

    [Fact]
    public async Task The_older_version_of_the_protocol_gets_the_same_answers()
    {
        await using ProbeServer server = await Start();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncDuplexStreamingCall<Alpha.ServerReflectionRequest, Alpha.ServerReflectionResponse> call =
            new Alpha.ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { FileByFilename = "probe.proto" });
        Assert.True(await call.ResponseStream.MoveNext());
        ByteString file = Assert.Single(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);

        Assert.Equal(ProbeReflection.Descriptor.SerializedData, file);
    }

    private static List<string> FileNames(ServerReflectionResponse answer) =>
        [.. answer.FileDescriptorResponse.FileDescriptorProto.Select(file => FileDescriptorProto.Parser
            .WithExtensionRegistry([]).ParseFrom(file).Name)];

    private static async Task<IReadOnlyList<ServerReflectionResponse>> Ask(
        ProbeServer server, params ServerReflectionRequest[] questions)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        List<ServerReflectionResponse> answers = [];
        foreach (ServerReflectionRequest question in questions)
        {
            await call.RequestStream.WriteAsync(question);
            Assert.True(await call.ResponseStream.MoveNext());
            answers.Add(call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        return answers;
    }

    private static Task<ProbeServer> Start() => ProbeServer.Start(
        HttpProtocols.Http2,
        services =>
        {
            services.AddGrpc();
            services.AddGrpcReflection();
            services.AddSingleton<HealthServiceImpl>();
        },
        app =>
        {
            app.MapGrpcReflectionService();
            app.MapGrpcService<ProbeService>();
            app.MapGrpcService<HealthServiceImpl>();
        });
}
