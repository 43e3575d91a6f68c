namespace Portal.Components.Shared;

/// <summary>
/// Rows that somebody looks at and acts on, while others change them. What is shown keeps its place: it says what it is now, what went
/// stays as a quiet row, and what is new waits to be asked for. So no press meets the neighbour of the row that it was meant for.
/// </summary>
/// <param name="key">What tells a row apart: the id.</param>
public sealed class SteadyRows<TRow>(Func<TRow, object> key)
{
    private readonly HashSet<object> _gone = [];

    public IReadOnlyList<TRow> Shown { get; private set; } = [];

    /// <summary>How many new ones wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>How many of those shown are no longer there.</summary>
    public int Gone => _gone.Count;

    public bool IsGone(TRow row) => _gone.Contains(key(row));

    /// <summary>Shows these, and only these.</summary>
    public void Show(IReadOnlyList<TRow> rows)
    {
        _gone.Clear();
        (Shown, Waiting) = (rows, 0);
    }

    /// <summary>Those shown that are not among these: gone, or only on another page.</summary>
    public bool Misses(IEnumerable<TRow> rows) => Shown.Select(key).Except(rows.Select(key)).Any();

    /// <param name="now">What would be shown now.</param>
    /// <param name="near">Where a row may have got to that is not among them: the pages before and after.</param>
    /// <param name="more">Others follow: then what comes last is no news, but the next page moving up.</param>
    public void Follow(IReadOnlyList<TRow> now, IEnumerable<TRow>? near = null, bool more = false)
    {
        var known = now.Concat(near ?? []).DistinctBy(key).ToDictionary(key);
        Shown = [.. Shown.Select(row => known.GetValueOrDefault(key(row), row))];
        _gone.Clear();
        _gone.UnionWith(Shown.Select(key).Where(one => !known.ContainsKey(one)));
        var shown = Shown.Select(key).ToHashSet();
        var last = now.Select(key).ToList().FindLastIndex(shown.Contains);
        Waiting = now.Take(more ? last + 1 : now.Count).Count(row => !shown.Contains(key(row)));
    }
}
