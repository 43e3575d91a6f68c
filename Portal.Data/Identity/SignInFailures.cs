using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Identity;

/// <summary>Where an attempt to sign in comes from.</summary>
/// <param name="IpAddress">Null where it is not known.</param>
/// <param name="Devices">By account, the devices that this browser has proven to be: it signed in there before. They are counted by
/// themselves, so that no stranger's guesses hold back who is at home here.</param>
public sealed record AttemptOrigin(string? IpAddress, IReadOnlyDictionary<long, string>? Devices = null)
{
    public static implicit operator AttemptOrigin(string? address) => new(address);

    internal string? DeviceOf(long? accountId) => accountId is { } id && Devices is not null ? Devices.GetValueOrDefault(id) : null;
}

/// <summary>
/// How long somebody waits who guesses wrong: nothing for the first three, then 1, 2, 4 … seconds, at most a quarter of an hour. Counted
/// for each account from each network by itself, so that nobody can close another's account, nor their neighbours' network.
/// </summary>
public static class GuessDelay
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private const int Free = 3;

    /// <param name="failures">In a row, the last one included.</param>
    public static TimeSpan After(int failures) =>
        failures <= Free ? TimeSpan.Zero
        : failures - Free - 1 >= 10 ? Longest
        : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, 1 << (failures - Free - 1)));
}

/// <summary>The networks that addresses are counted by.</summary>
public static class AddressGroup
{
    /// <summary>IPv4 in its usual form; of IPv6 the first 64 bits, for one subscriber has all the others.</summary>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}

/// <summary>
/// The counts behind <see cref="GuessDelay"/>, in the database: they hold in every portal and after a restart. The row of an account and a
/// source is locked while an attempt is decided, so that guesses sent at once are counted one by one.
/// </summary>
internal sealed class SignInFailures
{
    /// <summary>The row that counts the failures of all strange devices on one account together.</summary>
    public const string Strangers = "*";

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    private readonly PortalDb _db;
    private readonly long? _accountId;
    private readonly string _subject;
    private readonly string _source;
    private readonly bool _stranger;
    private readonly int _strangersMost;
    private readonly DateTime _now;

    /// <param name="db">The write that decides.</param>
    /// <param name="accountId">Null where nobody has that name: it is counted alike, or the waits would tell who exists.</param>
    /// <param name="typed">The name as it was typed.</param>
    /// <param name="origin">Where the attempt comes from.</param>
    /// <param name="options">How many failures of strangers an account bears in an hour.</param>
    /// <param name="now">UTC.</param>
    /// <param name="bySignature">Nobody guesses a signature: what strangers have guessed at the account keeps nobody out who gives one, and
    /// is no further guess of theirs.</param>
    public SignInFailures(
        PortalDb db, long? accountId, string typed, AttemptOrigin origin, AccountOptions options, DateTime now, bool bySignature = false)
    {
        var device = origin.DeviceOf(accountId);
        (_db, _accountId, _stranger, _strangersMost) = (db, accountId, device is null && !bySignature, options.StrangersPerHour);

        // Columns hold whole seconds and would round up what is cut here.
        _now = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);
        var subject = accountId is { } id ? "account:" + id.ToString(CultureInfo.InvariantCulture) : "name:" + typed.ToLowerInvariant();
        _subject = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));
        _source = device is not null ? "device:" + device
            : IPAddress.TryParse(origin.IpAddress, out var address) ? AddressGroup.Of(address).ToString() : "unknown";
    }

    /// <summary>Until when (UTC) such an attempt is not even looked at; null where it may be made.</summary>
    public async Task<DateTime?> WaitAsync(CancellationToken ct)
    {
        var rows = await Rows().AsNoTracking().Select(f => f.WaitUntil).ToListAsync(ct);
        return rows.Max() is { } until && until > _now ? until : null;
    }

    /// <summary>The same, and holds the count until the transaction ends.</summary>
    public async Task<DateTime?> LockAsync(CancellationToken ct)
    {
        // First what every attempt on the account shares: in any other order the two counts would wait for each other.
        if (_accountId is { } id) await _db.LockAccountAsync(id, ct);
        await _db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO sign_in_failures (subject, source, user_id, last_at) VALUES ({_subject}, {_source}, {_accountId}, {_now})
            ON DUPLICATE KEY UPDATE id = id
            """,
            ct);
        _ = await _db.SignInFailures.Where(f => f.Subject == _subject && f.Source == _source).Select(f => f.Id).ForUpdate().ToListAsync(ct);
        return await WaitAsync(ct);
    }

    /// <summary>Counts one more. Under <see cref="LockAsync"/>.</summary>
    /// <returns>How many there are in a row from this source.</returns>
    public async Task<int> CountAsync(CancellationToken ct)
    {
        var failures = await CountAsync(_source, Forgotten, GuessDelay.After, ct);
        if (_stranger && _accountId is not null)
        {
            await _db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO sign_in_failures (subject, source, user_id) VALUES ({_subject}, {Strangers}, {_accountId})
                ON DUPLICATE KEY UPDATE id = id
                """,
                ct);
            await CountAsync(Strangers, Window, count => count >= _strangersMost ? Window : TimeSpan.Zero, ct);
        }

        return failures;
    }

    /// <summary>It was the right one: this source begins anew. Under <see cref="LockAsync"/>.</summary>
    public Task ClearAsync(CancellationToken ct) =>
        _db.SignInFailures.Where(f => f.Subject == _subject && f.Source == _source).ExecuteDeleteAsync(ct);

    /// <summary>Every source of an account begins anew.</summary>
    public static Task ClearAllAsync(PortalDb db, long accountId, CancellationToken ct) =>
        db.SignInFailures.Where(f => f.UserId == accountId).ExecuteDeleteAsync(ct);

    private IQueryable<SignInFailure> Rows() =>
        _db.SignInFailures.Where(f => f.Subject == _subject && (f.Source == _source || (_stranger && f.Source == Strangers)));

    private async Task<int> CountAsync(string source, TimeSpan window, Func<int, TimeSpan> wait, CancellationToken ct)
    {
        var row = await _db.SignInFailures.AsNoTracking().SingleAsync(f => f.Subject == _subject && f.Source == source, ct);

        // Failures in a row are forgotten after a quiet day; those of all strangers are counted by the hour.
        var since = source == Strangers ? row.FirstAt : row.LastAt;
        var fresh = since is { } at && at + window > _now;
        var failures = fresh ? row.Failures + 1 : 1;
        var first = fresh ? row.FirstAt ?? _now : _now;
        DateTime? until = wait(failures) is { Ticks: > 0 } delay ? (source == Strangers ? first + delay : _now + delay) : null;
        await _db.SignInFailures.Where(f => f.Id == row.Id).ExecuteUpdateAsync(set => set
            .SetProperty(f => f.Failures, failures)
            .SetProperty(f => f.FirstAt, first)
            .SetProperty(f => f.LastAt, _now)
            .SetProperty(f => f.WaitUntil, until), ct);
        return failures;
    }
}
