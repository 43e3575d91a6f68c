using Microsoft.EntityFrameworkCore;

namespace Portal.Data;

/// <summary>What a list was asked for, as it stands in its address.</summary>
/// <param name="Search">Free text; null or empty for none.</param>
/// <param name="Sort">A column's key; each list knows its own and falls back to its default.</param>
/// <param name="Page">From 1.</param>
/// <param name="Size">Rows on a page, 1 to 100.</param>
/// <param name="Filters">By name; values as they stand in the address.</param>
public sealed record ListQuery(
    string? Search = null,
    string? Sort = null,
    bool Descending = false,
    int Page = 1,
    int Size = 20,
    IReadOnlyDictionary<string, string>? Filters = null)
{
    /// <summary>No list gives more rows on a page; exports read page after page.</summary>
    public const int LargestPage = 100;

    /// <summary>Characters of what is searched for; the rest is not looked at, in lists and everywhere else.</summary>
    public const int LongestSearch = 200;

    public string? Search { get; init; } = Search is { Length: > LongestSearch } ? Search[..LongestSearch] : Search;

    /// <summary>Nothing narrows it: it asks for all there is.</summary>
    public bool AsksForAll => string.IsNullOrWhiteSpace(Search) && (Filters is null || Filters.Values.All(string.IsNullOrEmpty));

    public string? Filter(string name) =>
        Filters is not null && Filters.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public TEnum? Filter<TEnum>(string name) where TEnum : struct, Enum =>
        Enum.TryParse<TEnum>(Filter(name), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    /// <summary>Of the years 1900 to 2200: with what is further away nothing can be calculated, nor is anything there.</summary>
    public DateOnly? FilterDate(string name) =>
        DateOnly.TryParseExact(Filter(name), "yyyy-MM-dd", out var date) && date.Year is >= 1900 and <= 2200 ? date : null;

    public long? FilterNumber(string name) => long.TryParse(Filter(name), out var number) ? number : null;
}

/// <summary>One page of a list and how many rows there are in all.</summary>
public sealed record Page<T>(IReadOnlyList<T> Rows, int Total)
{
    public static Page<T> Empty { get; } = new([], 0);
}

public static class Paging
{
    /// <summary>
    /// Reads the page asked for, and counts, unless a first page that is not full tells it. The caller has ordered the query with a unique
    /// last key.
    /// </summary>
    public static async Task<Page<T>> PageAsync<T>(this IQueryable<T> ordered, ListQuery query, CancellationToken ct)
    {
        var size = Math.Clamp(query.Size, 1, ListQuery.LargestPage);
        var page = Math.Max(query.Page, 1);
        var first = page > 1 ? null : await ordered.Take(size).ToListAsync(ct);
        if (first is not null && first.Count < size) return new Page<T>(first, first.Count);
        var total = await ordered.CountAsync(ct);
        if (first is not null) return new Page<T>(first, Math.Max(total, first.Count));
        if (total == 0) return Page<T>.Empty;
        page = Math.Min(page, (total + size - 1) / size);
        var rows = await ordered.Skip((page - 1) * size).Take(size).ToListAsync(ct);
        return new Page<T>(rows, total);
    }
}
