using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Finds the files that declare protobuf symbols.</summary>
public class SymbolRegistry
{
    private readonly Dictionary<string, FileDescriptor> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> bySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> extensions = new(StringComparer.Ordinal);

    private SymbolRegistry()
    {
    }

    /// <summary>Makes a registry of files and all that they import.</summary>
    /// <param name="fileDescriptors">The files.</param>
    /// <returns>The registry.</returns>
    public static SymbolRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        ArgumentNullException.ThrowIfNull(fileDescriptors);
        SymbolRegistry registry = new();
        foreach (FileDescriptor file in fileDescriptors)
        {
            registry.Add(file);
        }

        return registry;
    }

    /// <summary>Finds a file by its path, as it stands in import statements.</summary>
    /// <param name="filename">The path.</param>
    /// <returns>The file; null when it is not known.</returns>
    public FileDescriptor? FileByName(string filename) => byName.GetValueOrDefault(filename);

    /// <summary>Finds the file that declares a service, method, message, field, enum, value or extension.</summary>
    /// <param name="symbol">Its full name.</param>
    /// <returns>The file; null when the symbol is not known.</returns>
    public FileDescriptor? FileContainingSymbol(string symbol) => bySymbol.GetValueOrDefault(symbol);

    /// <summary>The file that declares an extension of a message; null when it is not known.</summary>
    internal FileDescriptor? FileContainingExtension(string message, int number) =>
        extensions.GetValueOrDefault(message)?.GetValueOrDefault(number);

    /// <summary>The numbers of the known extensions of a message; null when the message is not known.</summary>
    internal IEnumerable<int>? ExtensionNumbers(string message)
    {
        if (extensions.TryGetValue(message, out SortedDictionary<int, FileDescriptor>? found))
        {
            return found.Keys;
        }

        return bySymbol.TryGetValue(message, out FileDescriptor? file) && HasMessage(file.MessageTypes, message)
            ? []
            : null;
    }

    private static bool HasMessage(IEnumerable<MessageDescriptor> messages, string name)
    {
        foreach (MessageDescriptor message in messages)
        {
            if (message.FullName == name || HasMessage(message.NestedTypes, name))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(FileDescriptor file)
    {
        if (!byName.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (FileDescriptor imported in file.Dependencies)
        {
            Add(imported);
        }

        foreach (ServiceDescriptor service in file.Services)
        {
            bySymbol[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods)
            {
                bySymbol[method.FullName] = file;
            }
        }

        Add(file, file.EnumTypes);
        Add(file, file.Extensions.UnorderedExtensions);
        foreach (MessageDescriptor message in file.MessageTypes)
        {
            Add(file, message);
        }
    }

    private void Add(FileDescriptor file, MessageDescriptor message)
    {
        bySymbol[message.FullName] = file;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            bySymbol[field.FullName] = file;
        }

        foreach (OneofDescriptor oneof in message.Oneofs)
        {
            bySymbol[oneof.FullName] = file;
        }

        Add(file, message.EnumTypes);
        Add(file, message.Extensions.UnorderedExtensions);
        foreach (MessageDescriptor nested in message.NestedTypes)
        {
            Add(file, nested);
        }
    }

    private void Add(FileDescriptor file, IEnumerable<EnumDescriptor> enums)
    {
        foreach (EnumDescriptor type in enums)
        {
            bySymbol[type.FullName] = file;
            foreach (EnumValueDescriptor value in type.Values)
            {
                bySymbol[value.FullName] = file;
            }
        }
    }

    private void Add(FileDescriptor file, IEnumerable<FieldDescriptor> declared)
    {
        foreach (FieldDescriptor extension in declared)
        {
            bySymbol[extension.FullName] = file;
            string extended = extension.ExtendeeType.FullName;
            if (!extensions.TryGetValue(extended, out SortedDictionary<int, FileDescriptor>? ofMessage))
            {
                extensions[extended] = ofMessage = [];
            }

            ofMessage[extension.FieldNumber] = file;
        }
    }
}
