using Portal.Data.People;

namespace Portal.Data.Assemblies;

/// <summary>One line of the attendance.</summary>
/// <param name="Id">In the order in which they were written.</param>
/// <param name="At">UTC.</param>
/// <param name="Document">Of who holds the proxy; null: the owner is there.</param>
public sealed record AttendanceLine(
    long Id, long ApartmentId, bool Arrives, long? UserId, string Person, long? ProxyId, ArrivalWay Way, DateTime At, string? Document)
{
    /// <inheritdoc cref="CarrierOf"/>
    public string Carrier => CarrierOf(UserId, Document, Person);

    /// <summary>Who carries a unit: the account; who has none by their document, for namesakes are two; else the name.</summary>
    internal static string CarrierOf(long? account, string? document, string person) =>
        account is { } id ? $"u{id}" : document is not null ? $"d{DocumentNumbers.Key(document)}" : $"n{person.Trim().ToUpperInvariant()}";
}

/// <summary>Who is there: of each unit the last line says whether it is represented, and by whom.</summary>
public sealed class Room
{
    private readonly Dictionary<long, AttendanceLine> _last = [];

    /// <summary>The units that are represented, and the line that says so.</summary>
    public IReadOnlyDictionary<long, AttendanceLine> Present { get; }

    /// <summary>Units that were represented and are not any more.</summary>
    public IReadOnlyList<AttendanceLine> Gone => [.. _last.Values.Where(l => !l.Arrives)];

    public IReadOnlySet<long> Represented { get; }

    /// <summary>Of how many units the owner is there.</summary>
    public int ByOwner => Present.Values.Count(l => l.ProxyId is null);

    public int ByProxy => Present.Count - ByOwner;

    /// <summary>How many people carry proxies.</summary>
    public int Holders => Present.Values.Where(l => l.ProxyId is not null).Select(l => l.Carrier).Distinct().Count();

    private Room(IEnumerable<AttendanceLine> lines)
    {
        foreach (var line in lines) _last[line.ApartmentId] = line;
        Present = _last.Where(l => l.Value.Arrives).ToDictionary();
        Represented = Present.Keys.ToHashSet();
    }

    /// <param name="lines">In their order.</param>
    /// <param name="upTo">What came after this line is left out.</param>
    public static Room Of(IEnumerable<AttendanceLine> lines, long upTo = long.MaxValue) => new(lines.Where(l => l.Id <= upTo));
}
