using System.Diagnostics;
using Portal.Data.Backups;

namespace Portal.Tests.Backups;

/// <summary>What a killed process leaves of a dump goes with the next.</summary>
public sealed class WorkFolderTests : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("portal-sweep-");

    public void Dispose() => _temporary.Delete(recursive: true);

    [Fact]
    public async Task Folders_of_processes_that_are_no_more_go_and_nothing_else()
    {
        using var ended = Process.Start("true");
        await ended.WaitForExitAsync();
        var left = Make($"portal-restore-{ended.Id}-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(Path.Combine(left, "dump.sql"), "people");
        string[] kept =
        [
            Make($"portal-drill-{Environment.ProcessId}-{Guid.NewGuid():N}"), Make($"portal-{ended.Id}-somebodys"), Make($"other-restore-{ended.Id}-{Guid.NewGuid():N}"),
        ];
        WorkFolder.Sweep(_temporary.FullName);
        Assert.Equal(kept.Order(StringComparer.Ordinal), Directory.GetDirectories(_temporary.FullName).Order(StringComparer.Ordinal));
    }

    private string Make(string name) => _temporary.CreateSubdirectory(name).FullName;
}
