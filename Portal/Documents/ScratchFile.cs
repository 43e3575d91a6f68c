namespace Portal.Documents;

/// <summary>A file of a moment, for what has to be whole before it is sent. It may hold what is nobody's business.</summary>
internal static class ScratchFile
{
    /// <summary>Opens one that only the portal's user can read and that is gone when it is closed.</summary>
    public static FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 64 * 1024,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"portal-{Guid.NewGuid():N}"), options);

        // Its name goes at once where a system can: a process that is killed leaves nothing.
        if (!OperatingSystem.IsWindows()) File.Delete(file.Name);
        return file;
    }
}
