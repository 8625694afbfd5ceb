using Grpc.AspNetCore.ClientFactory;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.ClientFactory
{
    /// <summary>How deadline and cancellation of a server's call are passed on to the calls it makes.</summary>
    public class GrpcContextPropagationOptions
    {
        /// <summary>Makes the default settings.</summary>
        public GrpcContextPropagationOptions()
        {
        }

        /// <summary>
        /// True also lets calls be made outside of a server's call, with nothing to pass on. False by default: such a
        /// call fails.
        /// </summary>
        public bool SuppressContextNotFoundErrors { get; set; }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Continues the registration of a gRPC client in a gRPC server.</summary>
    public static class GrpcServerHttpClientBuilderExtensions
    {
        /// <summary>
        /// Passes deadline and cancellation of the call that is being served on to the calls that the client makes.
        /// </summary>
        /// <param name="builder">The registration of the client.</param>
        /// <returns>The registration.</returns>
        public static IHttpClientBuilder EnableCallContextPropagation(this IHttpClientBuilder builder) =>
            builder.EnableCallContextPropagation(static _ => { });

        /// <summary>
        /// Passes deadline and cancellation of the call that is being served on to the calls that the client makes.
        /// </summary>
        /// <param name="builder">The registration of the client.</param>
        /// <param name="configureOptions">Changes the settings.</param>
        /// <returns>The registration.</returns>
        public static IHttpClientBuilder EnableCallContextPropagation(
            this IHttpClientBuilder builder, Action<GrpcContextPropagationOptions> configureOptions)
        {
            ArgumentNullException.ThrowIfNull(builder);
            builder.Services.AddHttpContextAccessor();
            builder.Services.Configure(builder.Name, configureOptions);
            return builder.Change((options, services) =>
            {
                IHttpContextAccessor accessor = services.GetRequiredService<IHttpContextAccessor>();
                bool isOptional = services.GetRequiredService<IOptionsMonitor<GrpcContextPropagationOptions>>()
                    .Get(builder.Name).SuppressContextNotFoundErrors;
                options.CallOptionsActions.Add(call => PassOn(call, accessor, isOptional));
            });
        }

        private static void PassOn(CallOptionsContext call, IHttpContextAccessor accessor, bool isOptional)
        {
            ServerCallContext? served =
                accessor.HttpContext?.Features.Get<IServerCallContextFeature>()?.ServerCallContext;
            if (served is not null)
            {
                call.CallOptions = call.CallOptions.WithPropagationToken(served.CreatePropagationToken());
            }
            else if (!isOptional)
            {
                throw new InvalidOperationException(
                    "Unable to propagate server context values to the call: no gRPC call is being served here.");
            }
        }
    }
}
