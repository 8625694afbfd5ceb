using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Grpc.Reflection;

/// <summary>Server reflection under its first name, <c>grpc.reflection.v1alpha</c>.</summary>
public class ReflectionServiceImpl : V1Alpha.ServerReflection.ServerReflectionBase
{
    private readonly ReflectionAnswers answers;

    /// <summary>Describes services by name.</summary>
    /// <param name="services">Full names of the services to list.</param>
    /// <param name="symbolRegistry">Finds the files that are asked for.</param>
    public ReflectionServiceImpl(IEnumerable<string> services, SymbolRegistry symbolRegistry)
    {
        answers = new ReflectionAnswers(services, symbolRegistry);
    }

    /// <summary>Describes services.</summary>
    /// <param name="serviceDescriptors">The services.</param>
    public ReflectionServiceImpl(IEnumerable<ServiceDescriptor> serviceDescriptors)
    {
        answers = ReflectionAnswers.Of(serviceDescriptors);
    }

    /// <summary>Describes services.</summary>
    /// <param name="serviceDescriptors">The services.</param>
    public ReflectionServiceImpl(params ServiceDescriptor[] serviceDescriptors)
        : this((IEnumerable<ServiceDescriptor>)serviceDescriptors)
    {
    }

    /// <summary>Answers each question in turn; one that has no answer is told so and the stream goes on.</summary>
    /// <param name="requestStream">The questions.</param>
    /// <param name="responseStream">Receives the answers.</param>
    /// <param name="context">The call.</param>
    /// <returns>Completes when the client has no more questions.</returns>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<V1Alpha.ServerReflectionRequest> requestStream,
        IServerStreamWriter<V1Alpha.ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        ArgumentNullException.ThrowIfNull(responseStream);
        while (await requestStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            // The two versions differ in nothing but their name, so their bytes are the same.
            V1.ServerReflectionRequest request =
                V1.ServerReflectionRequest.Parser.ParseFrom(requestStream.Current.ToByteString());
            V1.ServerReflectionResponse response = answers.Answer(request);
            await responseStream.WriteAsync(
                V1Alpha.ServerReflectionResponse.Parser.ParseFrom(response.ToByteString())).ConfigureAwait(false);
        }
    }
}

/// <summary>Server reflection, <c>grpc.reflection.v1</c>.</summary>
public class ReflectionV1ServiceImpl : V1.ServerReflection.ServerReflectionBase
{
    private readonly ReflectionAnswers answers;

    /// <summary>Describes services by name.</summary>
    /// <param name="services">Full names of the services to list.</param>
    /// <param name="symbolRegistry">Finds the files that are asked for.</param>
    public ReflectionV1ServiceImpl(IEnumerable<string> services, SymbolRegistry symbolRegistry)
    {
        answers = new ReflectionAnswers(services, symbolRegistry);
    }

    /// <summary>Describes services.</summary>
    /// <param name="serviceDescriptors">The services.</param>
    public ReflectionV1ServiceImpl(IEnumerable<ServiceDescriptor> serviceDescriptors)
    {
        answers = ReflectionAnswers.Of(serviceDescriptors);
    }

    /// <summary>Describes services.</summary>
    /// <param name="serviceDescriptors">The services.</param>
    public ReflectionV1ServiceImpl(params ServiceDescriptor[] serviceDescriptors)
        : this((IEnumerable<ServiceDescriptor>)serviceDescriptors)
    {
    }

    /// <summary>Answers each question in turn; one that has no answer is told so and the stream goes on.</summary>
    /// <param name="requestStream">The questions.</param>
    /// <param name="responseStream">Receives the answers.</param>
    /// <param name="context">The call.</param>
    /// <returns>Completes when the client has no more questions.</returns>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<V1.ServerReflectionRequest> requestStream,
        IServerStreamWriter<V1.ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        ArgumentNullException.ThrowIfNull(responseStream);
        while (await requestStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(answers.Answer(requestStream.Current)).ConfigureAwait(false);
        }
    }
}
