using System.Collections.Immutable;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Florist.Server.Gateway;

/// <summary>One spelling of an RPC as an HTTP request, from its <c>google.api.http</c> annotation.</summary>
/// <param name="HttpMethod">GET, POST, PATCH or DELETE.</param>
/// <param name="Path">The path.</param>
/// <param name="Method">The RPC.</param>
/// <param name="BodyField">
/// The request's field that the body is; <c>*</c> when the body is every field that the path does not fill; empty
/// when there is no body.
/// </param>
internal sealed record HttpRoute(string HttpMethod, PathTemplate Path, MethodDescriptor Method, string BodyField)
{
    /// <summary>The body is the request itself, and there are no query parameters.</summary>
    public const string WholeRequest = "*";

    /// <summary>The spellings of an RPC; none when it has no annotation, as two-way streams.</summary>
    public static ImmutableArray<HttpRoute> Of(MethodDescriptor method)
    {
        HttpRule? rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);
        if (rule is null || method.IsClientStreaming)
        {
            return [];
        }

        return [Of(method, rule), .. rule.AdditionalBindings.Select(binding => Of(method, binding))];
    }

    private static HttpRoute Of(MethodDescriptor method, HttpRule rule)
    {
        (string verb, string path) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Post => ("POST", rule.Post),
            HttpRule.PatternOneofCase.Patch => ("PATCH", rule.Patch),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
            HttpRule.PatternOneofCase.Custom => (rule.Custom.Kind, rule.Custom.Path),
            _ => throw new FormatException($"{method.FullName} has an HTTP rule without a verb."),
        };
        return new HttpRoute(verb, PathTemplate.Parse(path), method, rule.Body);
    }
}

/// <summary>What an HTTP request was found to mean.</summary>
/// <param name="Route">Which RPC, in which spelling.</param>
/// <param name="Captured">The fields that the path fills.</param>
internal sealed record RouteMatch(HttpRoute Route, ImmutableArray<(string Field, string Value)> Captured);
