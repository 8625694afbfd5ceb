using System.Collections.Immutable;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Florist.Kernel;

/// <summary>What an update mask asks for (AIP-134, AIP-161).</summary>
public static class FieldMasks
{
    /// <summary>
    /// The paths to change: those of the mask; all settable ones for <c>*</c>; for an absent mask those that are
    /// populated in the resource. Output-only fields, the name and the etag are ignored; any other path is a fault of
    /// <c>update_mask</c>.
    /// </summary>
    /// <param name="mask">The request's mask; null or empty when it was left out.</param>
    /// <param name="resource">The resource sent.</param>
    /// <param name="settable">All paths that can be changed, with dots for fields of fields.</param>
    /// <param name="checks">Gains a fault for each unknown path.</param>
    /// <returns>Settable paths in the order of <paramref name="settable"/>, each once.</returns>
    public static ImmutableArray<string> Paths(
        FieldMask? mask, IMessage resource, ImmutableArray<string> settable, FieldChecks checks)
    {
        if (mask is null || mask.Paths.Count == 0)
        {
            return [.. settable.Where(path => IsLeaf(path, settable) && IsPopulated(resource, path))];
        }

        HashSet<string> asked = new(StringComparer.Ordinal);
        foreach (string path in mask.Paths)
        {
            if (path == "*" && mask.Paths.Count == 1)
            {
                asked.UnionWith(settable.Where(known => !known.Contains('.')));
            }
            else if (settable.Contains(path))
            {
                asked.Add(path);
            }
            else if (!IsIgnored(resource.Descriptor, path))
            {
                checks.Add("update_mask", "PATH_UNKNOWN", $"{path} is not a path that can be changed");
            }
        }

        return [.. settable.Where(asked.Contains)];
    }

    /// <summary>
    /// The resource with nothing but the fields of these paths, so that only they need to be checked.
    /// </summary>
    public static TResource Only<TResource>(TResource resource, ImmutableArray<string> paths)
        where TResource : IMessage<TResource>, new()
    {
        TResource cut = new();
        FieldMask mask = new();
        mask.Paths.AddRange(paths);
        mask.Merge(resource, cut, new FieldMask.MergeOptions { ReplaceMessageFields = true });
        return cut;
    }

    private static bool IsLeaf(string path, ImmutableArray<string> settable) =>
        !settable.Any(other => other.StartsWith(path + ".", StringComparison.Ordinal));

    private static bool IsPopulated(IMessage message, string path)
    {
        string[] names = path.Split('.');
        for (int i = 0; ; i++)
        {
            FieldDescriptor field = message.Descriptor.FindFieldByName(names[i])
                ?? throw new ArgumentException($"{path} is not a path of {message.Descriptor.FullName}", nameof(path));
            object? value = field.Accessor.GetValue(message);
            if (i == names.Length - 1)
            {
                return IsPopulated(field, value);
            }

            if (value is not IMessage next)
            {
                return false;
            }

            message = next;
        }
    }

    private static bool IsPopulated(FieldDescriptor field, object? value) => value switch
    {
        null => false,
        System.Collections.ICollection many => many.Count > 0,
        _ when field.FieldType == FieldType.Message => true,
        string text => text.Length > 0,
        ByteString bytes => bytes.Length > 0,
        System.Enum choice => Convert.ToInt32(choice, System.Globalization.CultureInfo.InvariantCulture) != 0,
        _ => !value.Equals(Activator.CreateInstance(value.GetType())),
    };

    private static bool IsIgnored(MessageDescriptor descriptor, string path)
    {
        FieldDescriptor? field = descriptor.FindFieldByName(path.Split('.')[0]);
        if (field is null || !FieldMask.IsValid(descriptor, path))
        {
            return false;
        }

        IEnumerable<FieldBehavior>? behaviors =
            field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior);
        bool isOutput = behaviors?.Any(one => one is FieldBehavior.OutputOnly or FieldBehavior.Identifier) ?? false;
        return isOutput || field.Name == "etag";
    }
}
