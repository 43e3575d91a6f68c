using System.Globalization;
using Portal.Data;
using Portal.Data.Api;

namespace Portal.Areas.Api;

/// <summary>Marks an operation of the API: only with a key, and with one of these scopes.</summary>
public sealed record ApiOperation(IReadOnlyList<string> AnyOf, int Status, object Example, object? Asks = null)
{
    /// <summary>It makes something, and takes an <c>Idempotency-Key</c>; null: it makes nothing.</summary>
    public bool? NeedsIdempotencyKey { get; init; }

    /// <summary>It changes a record that has a version: it wants <c>If-Match</c>.</summary>
    public bool NeedsMatch { get; init; }

    /// <summary>It reads, and refuses what does not satisfy its rules.</summary>
    public bool HasRules { get; init; }

    /// <summary>It answers with one record, or is about one.</summary>
    public bool OfOne { get; init; }
}

/// <summary>Who calls, as the front found out, and what came with the call.</summary>
public sealed class ApiCall(BuildingClock clock)
{
    private ApiCaller? _caller;

    /// <summary>As whom the call acts: who made the key, narrowed to its scopes.</summary>
    public CurrentUser User { get; private set; } = CurrentUser.Nobody;

    /// <summary>What is asked, for telling whether it is the same as before.</summary>
    public string Asked { get; private set; } = "";

    public string? IdempotencyKey { get; private set; }

    internal void Begin(ApiEntrance entrance, string asked, string? key) =>
        (User, _caller, Asked, IdempotencyKey) = (entrance.User!, entrance.Caller, asked, key);

    /// <summary>Who writes once: whatever is written in their name is tied to the caller's <c>Idempotency-Key</c>, where they sent one.</summary>
    internal CurrentUser Once(Func<object, long?> record) =>
        IdempotencyKey is { } key ? User with { Once = new OnlyOnce(_caller!, key, Asked, record) } : User;

    /// <summary>A moment of the building's wall clock, with the zone's difference to UTC.</summary>
    public DateTimeOffset Wall(DateTime wall) =>
        new(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified),
            clock.Zone.GetUtcOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified)));

    /// <inheritdoc cref="Wall(DateTime)"/>
    public DateTimeOffset? Wall(DateTime? wall) => wall is { } at ? Wall(at) : null;

    /// <summary>A moment (UTC) by the building's clock.</summary>
    public DateTimeOffset? Utc(DateTime? utc) => utc is { } at ? Wall(clock.ToWall(at)) : null;

    /// <summary>Reads a moment as the building's wall clock: with a difference to UTC it is that moment, without one the building's own.</summary>
    public DateTime? Read(string? text, string field, List<Error> errors)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add(Error.Required(field));
            return null;
        }

        string[] plain = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];
        if (DateTime.TryParseExact(text, plain, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            && wall.Year is > 1900 and < 2200)
            return wall;
        string[] full = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        if (DateTimeOffset.TryParseExact(text, full, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && at.Year is > 1900 and < 2200)
            return clock.ToWall(at.UtcDateTime);
        errors.Add(new Error("api.time", field));
        return null;
    }

    /// <summary>Whole pesos, as the whole portal counts.</summary>
    public static long Pesos(decimal amount) => (long)decimal.Round(amount, MidpointRounding.AwayFromZero);
}
