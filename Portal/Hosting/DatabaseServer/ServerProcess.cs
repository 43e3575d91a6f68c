using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Portal.Hosting.DatabaseServer;

/// <summary>Starting and ending the server's process.</summary>
internal static partial class ServerProcess
{
    private const int Terminate = 15;

    /// <summary>
    /// In a session of its own, so that Ctrl-C in the portal's terminal does not reach the server before the portal is done with it.
    /// </summary>
    public static Process Start(ServerBinary binary, IEnumerable<string> options, string log)
    {
        const string Script =
            """log=$1; shift; if command -v setsid >/dev/null; then exec setsid "$@" >>"$log" 2>&1 </dev/null; else exec "$@" >>"$log" 2>&1 </dev/null; fi""";
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", log, binary.Path, .. options]))!;
    }

    /// <summary>A server that was left behind by a portal that was killed.</summary>
    public static Process? FindOrphan(ServerFolder folder)
    {
        if (
            !File.Exists(folder.PidFile)
            || !int.TryParse(File.ReadAllText(folder.PidFile).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        )
        {
            return null;
        }
        try
        {
            var process = Process.GetProcessById(id);
            // The number may have been given to another program since.
            var command = File.Exists($"/proc/{id}/cmdline") ? File.ReadAllText($"/proc/{id}/cmdline") : "";
            if (command.Contains(folder.Data, StringComparison.Ordinal))
            {
                return process;
            }
            process.Dispose();
        }
        catch (ArgumentException)
        {
            // No such process: it ended by itself.
        }
        return null;
    }

    /// <summary>Asks the server to end and waits; a server that does not is killed, which loses nothing that was committed.</summary>
    public static async Task StopAsync(Process process, TimeSpan patience)
    {
        if (process.HasExited)
        {
            return;
        }
        if (Kill(process.Id, Terminate) != 0 && !process.HasExited)
        {
            throw new Win32Exception(
                Marshal.GetLastPInvokeError(),
                $"The database server (process {process.Id}) cannot be stopped by {Environment.UserName}"
            );
        }
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
