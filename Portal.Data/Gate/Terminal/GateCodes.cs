using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Data.Gate;

/// <summary>
/// The six-digit codes as terminals hold them: through PBKDF2, 200,000 rounds, with the day's salt. Six digits are not hidden by it, all of
/// them take some fifty hours of one core; it is a hurdle for who finds a device. One is computed at a time, with a pause as long as it
/// took, and remembered; what is not there yet is missing from the snapshot for the moment.
/// </summary>
public sealed class GateCodes
{
    public const int Rounds = 200_000;

    private const int Most = 5_000;

    private readonly ConcurrentDictionary<(string Salt, string Code), string> _known = new();
    private readonly ConcurrentQueue<(string Salt, string Code)> _wanted = new();
    private readonly ConcurrentDictionary<(string Salt, string Code), bool> _waiting = new();
    private int _working;

    /// <summary>The code as it is held; null where it is being computed.</summary>
    /// <param name="salt">In hexadecimal.</param>
    internal string? Find(string salt, string code)
    {
        if (_known.TryGetValue((salt, code), out var hash)) return hash;
        if (_waiting.Count < Most && _waiting.TryAdd((salt, code), true)) _wanted.Enqueue((salt, code));
        Begin();
        return null;
    }

    /// <summary>Those of other days go.</summary>
    internal void Keep(string salt)
    {
        foreach (var old in _known.Keys.Where(key => key.Salt != salt)) _known.TryRemove(old, out _);
    }

    /// <summary>When nothing is left to compute.</summary>
    internal async Task DoneAsync(CancellationToken ct)
    {
        while (!_waiting.IsEmpty) await Task.Delay(20, ct);
    }

    internal static string Hash(string salt, string code) => Convert.ToHexStringLower(
        Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(code), Convert.FromHexString(salt), Rounds, HashAlgorithmName.SHA256, 32));

    private void Begin()
    {
        if (_wanted.IsEmpty || Interlocked.Exchange(ref _working, 1) == 1) return;
        _ = Task.Run(WorkAsync);
    }

    private async Task WorkAsync()
    {
        try
        {
            while (_wanted.TryDequeue(out var next))
            {
                var began = Environment.TickCount64;
                _known[next] = Hash(next.Salt, next.Code);
                _waiting.TryRemove(next, out _);

                // Half of one core at most.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(1000, Environment.TickCount64 - began)));
            }
        }
        finally
        {
            Interlocked.Exchange(ref _working, 0);
            // What was asked for in the moment between.
            Begin();
        }
    }
}
