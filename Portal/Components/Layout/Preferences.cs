using Microsoft.JSInterop;

namespace Portal.Components.Layout;

/// <summary>
/// What a person chose on this device: the theme and the columns of each list. Kept in cookies, so that the very first
/// HTML is already right. A circuit cannot read cookies later: <see cref="Routes"/> carries the snapshot into it.
/// </summary>
public sealed class Preferences(IJSRuntime js)
{
    private const string ColumnsCookie = "cols.";
    private readonly Dictionary<string, string> columns = [];

    public sealed record Snapshot(string Theme, IReadOnlyDictionary<string, string> Columns)
    {
        public static Snapshot Empty { get; } = new("auto", new Dictionary<string, string>());
    }

    public static Snapshot Read(IRequestCookieCollection cookies) => new(
        cookies["theme"] is "light" or "dark" ? cookies["theme"]! : "auto",
        cookies.Where(cookie => cookie.Key.StartsWith(ColumnsCookie, StringComparison.Ordinal))
            .ToDictionary(cookie => cookie.Key[ColumnsCookie.Length..], cookie => cookie.Value));

    public void Take(Snapshot snapshot)
    {
        foreach (var (list, keys) in snapshot.Columns)
        {
            columns[list] = keys;
        }
    }

    /// <summary>The chosen column keys of a list in their order, or null where nothing was chosen.</summary>
    public string[]? ColumnsOf(string list) =>
        columns.TryGetValue(list, out var keys) ? keys.Split('.', StringSplitOptions.RemoveEmptyEntries) : null;

    /// <summary>Keeps the choice for this circuit and, in a cookie of one year, for the next; null forgets it.</summary>
    public async Task SaveColumnsAsync(string list, IReadOnlyCollection<string>? keys)
    {
        if (keys is null)
        {
            columns.Remove(list);
        }
        else
        {
            columns[list] = string.Join('.', keys);
        }

        await js.InvokeVoidAsync("vh.cookie", ColumnsCookie + list, keys is null ? null : columns[list]);
    }
}
