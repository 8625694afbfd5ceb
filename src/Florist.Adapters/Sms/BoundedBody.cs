namespace Florist.Adapters.Sms;

/// <summary>Reads bodies whose size the other side decides.</summary>
internal static class BoundedBody
{
    /// <summary>Reads a body; null when it is longer than allowed.</summary>
    public static async Task<byte[]?> Read(HttpContent content, int bytesMax, CancellationToken cancel)
    {
        await using Stream stream = await content.ReadAsStreamAsync(cancel);
        using MemoryStream body = new();
        byte[] buffer = new byte[8192];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancel)) > 0)
        {
            if (body.Length + read > bytesMax)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
