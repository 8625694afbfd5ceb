using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

/// <summary>Answers the questions of reflection. Both versions of the protocol have the same messages.</summary>
internal sealed class ReflectionAnswers(IEnumerable<string> services, SymbolRegistry symbols)
{
    private readonly string[] services = [.. services.Distinct().Order(StringComparer.Ordinal)];

    public static ReflectionAnswers Of(IEnumerable<ServiceDescriptor> descriptors)
    {
        ArgumentNullException.ThrowIfNull(descriptors);
        ServiceDescriptor[] all = [.. descriptors];
        return new ReflectionAnswers(
            all.Select(service => service.FullName), SymbolRegistry.FromFiles(all.Select(service => service.File)));
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        ServerReflectionResponse response = request.MessageRequestCase switch
        {
            ServerReflectionRequest.MessageRequestOneofCase.FileByFilename =>
                Files(symbols.FileByName(request.FileByFilename), request.FileByFilename),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol =>
                Files(symbols.FileContainingSymbol(request.FileContainingSymbol), request.FileContainingSymbol),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension =>
                FileOfExtension(request.FileContainingExtension),
            ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType =>
                ExtensionNumbers(request.AllExtensionNumbersOfType),
            ServerReflectionRequest.MessageRequestOneofCase.ListServices => Services(),
            _ => Error(StatusCode.Unimplemented, "The request has no question that this server knows."),
        };
        response.ValidHost = request.Host;
        response.OriginalRequest = request;
        return response;
    }

    // A client needs the imports too and would ask for them one by one; imports go before the files that need them.
    private static ServerReflectionResponse Files(FileDescriptor? file, string asked)
    {
        if (file is null)
        {
            return Error(StatusCode.NotFound, $"'{asked}' is not known.");
        }

        FileDescriptorResponse files = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        Add(file);
        return new ServerReflectionResponse { FileDescriptorResponse = files };

        void Add(FileDescriptor next)
        {
            if (seen.Add(next.Name))
            {
                foreach (FileDescriptor imported in next.Dependencies)
                {
                    Add(imported);
                }

                files.FileDescriptorProto.Add(next.SerializedData);
            }
        }
    }

    private static ServerReflectionResponse Error(StatusCode code, string text) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = text } };

    private ServerReflectionResponse FileOfExtension(ExtensionRequest asked) => Files(
        symbols.FileContainingExtension(asked.ContainingType, asked.ExtensionNumber),
        $"{asked.ContainingType}:{asked.ExtensionNumber}");

    private ServerReflectionResponse ExtensionNumbers(string message)
    {
        if (symbols.ExtensionNumbers(message) is not IEnumerable<int> numbers)
        {
            return Error(StatusCode.NotFound, $"'{message}' is not known.");
        }

        ExtensionNumberResponse answer = new() { BaseTypeName = message };
        answer.ExtensionNumber.AddRange(numbers);
        return new ServerReflectionResponse { AllExtensionNumbersResponse = answer };
    }

    private ServerReflectionResponse Services()
    {
        ListServiceResponse list = new();
        list.Service.AddRange(services.Select(name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = list };
    }
}
