using Grpc.Core;

namespace Grpc.AspNetCore.Server.Model;

/// <summary>Calls a unary method on a service object.</summary>
/// <typeparam name="TService">The service.</typeparam>
/// <typeparam name="TRequest">Type of the request.</typeparam>
/// <typeparam name="TResponse">Type of the response.</typeparam>
/// <param name="service">The service object.</param>
/// <param name="request">The request.</param>
/// <param name="serverCallContext">The call.</param>
/// <returns>The response.</returns>
public delegate Task<TResponse> UnaryServerMethod<TService, TRequest, TResponse>(
    TService service, TRequest request, ServerCallContext serverCallContext)
    where TService : class
    where TRequest : class
    where TResponse : class;

/// <summary>Calls a client streaming method on a service object.</summary>
/// <typeparam name="TService">The service.</typeparam>
/// <typeparam name="TRequest">Type of the requests.</typeparam>
/// <typeparam name="TResponse">Type of the response.</typeparam>
/// <param name="service">The service object.</param>
/// <param name="stream">The requests.</param>
/// <param name="serverCallContext">The call.</param>
/// <returns>The response.</returns>
public delegate Task<TResponse> ClientStreamingServerMethod<TService, TRequest, TResponse>(
    TService service, IAsyncStreamReader<TRequest> stream, ServerCallContext serverCallContext)
    where TService : class
    where TRequest : class
    where TResponse : class;

/// <summary>Calls a server streaming method on a service object.</summary>
/// <typeparam name="TService">The service.</typeparam>
/// <typeparam name="TRequest">Type of the request.</typeparam>
/// <typeparam name="TResponse">Type of the responses.</typeparam>
/// <param name="service">The service object.</param>
/// <param name="request">The request.</param>
/// <param name="stream">The responses.</param>
/// <param name="serverCallContext">The call.</param>
/// <returns>Completes when the call is handled.</returns>
public delegate Task ServerStreamingServerMethod<TService, TRequest, TResponse>(
    TService service, TRequest request, IServerStreamWriter<TResponse> stream, ServerCallContext serverCallContext)
    where TService : class
    where TRequest : class
    where TResponse : class;

/// <summary>Calls a duplex streaming method on a service object.</summary>
/// <typeparam name="TService">The service.</typeparam>
/// <typeparam name="TRequest">Type of the requests.</typeparam>
/// <typeparam name="TResponse">Type of the responses.</typeparam>
/// <param name="service">The service object.</param>
/// <param name="input">The requests.</param>
/// <param name="output">The responses.</param>
/// <param name="serverCallContext">The call.</param>
/// <returns>Completes when the call is handled.</returns>
public delegate Task DuplexStreamingServerMethod<TService, TRequest, TResponse>(
    TService service,
    IAsyncStreamReader<TRequest> input,
    IServerStreamWriter<TResponse> output,
    ServerCallContext serverCallContext)
    where TService : class
    where TRequest : class
    where TResponse : class;
