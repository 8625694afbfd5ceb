namespace Grpc.AspNetCore.Web;

/// <summary>Says on an endpoint whether it takes gRPC-Web calls.</summary>
public interface IGrpcWebEnabledMetadata
{
    /// <summary>True when it does.</summary>
    bool GrpcWebEnabled { get; }
}

/// <summary>Lets a service or a method take gRPC-Web calls.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class EnableGrpcWebAttribute : Attribute, IGrpcWebEnabledMetadata
{
    /// <summary>Makes the attribute.</summary>
    public EnableGrpcWebAttribute()
    {
    }

    /// <summary>True.</summary>
    public bool GrpcWebEnabled => true;
}

/// <summary>Keeps gRPC-Web calls away from a service or a method.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class DisableGrpcWebAttribute : Attribute, IGrpcWebEnabledMetadata
{
    /// <summary>Makes the attribute.</summary>
    public DisableGrpcWebAttribute()
    {
    }

    /// <summary>False.</summary>
    public bool GrpcWebEnabled => false;
}
