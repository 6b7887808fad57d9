using System.Runtime.InteropServices;

namespace Harness.Worker.Folder;

/// <summary>Files that are whole or not there.</summary>
internal static partial class Durable
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY on x64

    /// <summary>Writes a file aside and gives it its name when it is whole.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="synced">Whether it must outlive the machine's power, and not only this process.</param>
    public static void Write(string path, Action<Stream> write, bool synced)
    {
        var aside = path + ".new";
        try
        {
            using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: synced);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }

        if (synced)
        {
            SyncFolder(Path.GetDirectoryName(path)!);
        }
    }

    // A new name is in its folder, and the folder is a file of its own.
    private static void SyncFolder(string folder)
    {
        var handle = Open(folder, ReadOnlyDirectory);
        if (handle >= 0)
        {
            _ = Sync(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
