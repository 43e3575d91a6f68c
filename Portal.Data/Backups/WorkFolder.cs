using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Data.Backups;

/// <summary>
/// Folders of a moment, under the system's temporary one, in which a dump or a log lies open. Whoever makes one removes it; what a killed
/// process left is removed by the next that makes one.
/// </summary>
internal static partial class WorkFolder
{
    /// <summary>Makes one that only the portal's user enters.</summary>
    /// <param name="what">What it is for: one word of small letters.</param>
    public static string Make(string what)
    {
        Sweep(Path.GetTempPath());
        return SetFolder.MakePrivate(Path.Combine(
            Path.GetTempPath(),
            string.Create(CultureInfo.InvariantCulture, $"portal-{what}-{Environment.ProcessId}-{Guid.NewGuid():N}")));
    }

    /// <summary>Removes those whose process is no more.</summary>
    internal static void Sweep(string temporary)
    {
        foreach (var folder in new DirectoryInfo(temporary).EnumerateDirectories("portal-*"))
        {
            if (Pattern().Match(folder.Name) is not { Success: true } match) continue;
            if (!int.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var process) || Lives(process)) continue;
            try
            {
                folder.Delete(recursive: true);
            }
            catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another was faster.
            }
        }
    }

    private static bool Lives(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("^portal-[a-z]+-([0-9]+)-[0-9a-f]{32}$")]
    private static partial Regex Pattern();
}
