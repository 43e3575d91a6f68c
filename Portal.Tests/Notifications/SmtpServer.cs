using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.Tests.Notifications;

/// <summary>A letter as the mail server got it.</summary>
internal sealed record Received(string From, string To, string Content, bool Protected, string? User)
{
    public string Subject => Words(Header("Subject"));

    public string Sender => Words(Header("From"));

    public string Plain => Body("plain");

    public string Html => Body("html");

    /// <summary>A header with its folded lines put together; empty where there is none.</summary>
    public string Header(string name) =>
        Regex
            .Match(Content.Split("\r\n\r\n")[0], $@"(?:^|\r\n){name}: ([^\r\n]*(?:\r\n [^\r\n]*)*)")
            .Groups[1]
            .Value.Replace("\r\n", "", StringComparison.Ordinal)
            .TrimEnd();

    private static string Words(string header) =>
        Regex.Replace(
            header, @"=\?utf-8\?B\?([^?]*)\?=(?: (?==\?))?",
            word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value)));

    private string Body(string kind) =>
        Encoding
            .UTF8.GetString(
                Convert.FromBase64String(
                    Regex.Match(Content, $@"text/{kind};.*?\r\n\r\n(.*?)\r\n--", RegexOptions.Singleline).Groups[1].Value
                )
            )
            .ReplaceLineEndings("\n");
}

/// <summary>Debian's aiosmtpd on a free port of loopback. It can be stopped and started again on the same port.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly List<Received> _letters = [];
    private Process? _process;
    private Task? _reading;

    public int Port { get; } = FreePort();

    public IReadOnlyList<Received> Letters
    {
        get
        {
            lock (_letters) return [.. _letters];
        }
    }

    public async Task StartAsync(params string[] options)
    {
        var script = Path.Combine(Path.GetDirectoryName(Here())!, "smtp_server.py");
        _process = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", [script, $"{Port}", .. options])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal("ready", await _process.StandardOutput.ReadLineAsync(patience.Token));
        _reading = ReadAsync(_process.StandardOutput);
    }

    /// <summary>Returns when everything it was given has been read.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _reading!;
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_letters) _letters.Add(JsonSerializer.Deserialize<Received>(line)!);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
