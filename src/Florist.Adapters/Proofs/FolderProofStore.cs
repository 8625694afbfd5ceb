using System.Globalization;
using Florist.Delivery;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Proofs;

/// <summary>
/// Images as files, in a folder a purge day: <c>20260712/ORDER.DELIVERY.SHA256</c>. A day's images go by deleting its
/// folder. A file appears whole or not at all.
/// </summary>
internal sealed class FolderProofStore(IOptions<ProofsOptions> options, TimeProvider time) : IProofStore
{
    private const string DayForm = "yyyyMMdd";

    public async Task Put(ProofImage image, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string path = PathOf(image);
        string folder = Path.GetDirectoryName(path) ?? options.Value.Folder;
        Directory.CreateDirectory(folder);
        string partial = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            await using (FileStream file = new(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public async Task<byte[]?> Read(ProofImage image, CancellationToken cancellationToken)
    {
        if (!Has(image))
        {
            return null;
        }

        try
        {
            return await File.ReadAllBytesAsync(PathOf(image), cancellationToken);
        }
        catch (IOException) when (!File.Exists(PathOf(image)))
        {
            // Its day came in between.
            return null;
        }
    }

    public bool Has(ProofImage image) =>
        image.PurgeOn > DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime) && File.Exists(PathOf(image));

    public int Purge(DateOnly today)
    {
        if (!Directory.Exists(options.Value.Folder))
        {
            return 0;
        }

        int purged = 0;
        foreach (string folder in Directory.EnumerateDirectories(options.Value.Folder))
        {
            bool isDay = DateOnly.TryParseExact(
                Path.GetFileName(folder), DayForm, CultureInfo.InvariantCulture, default, out DateOnly day);
            if (isDay && day <= today)
            {
                Directory.Delete(folder, recursive: true);
                purged++;
            }
        }

        return purged;
    }

    // Ids are letters, digits and hyphens, so that no name leads out of the folder.
    private string PathOf(ProofImage image) => Path.Combine(
        options.Value.Folder,
        image.PurgeOn.ToString(DayForm, CultureInfo.InvariantCulture),
        $"{image.OrderId}.{image.Delivery}.{image.Sha256}");
}
