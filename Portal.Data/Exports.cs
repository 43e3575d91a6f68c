namespace Portal.Data;

/// <summary>
/// Reads a whole list for a file: first which rows there are, in their order, then the rows themselves by their ids, a page at a time. What
/// others write meanwhile moves no row from one page to the next, as it does where pages are counted off: none is left out, none comes
/// twice.
/// </summary>
internal static class Exports
{
    /// <param name="ids">In the order of the file.</param>
    /// <param name="read">The rows of some of them, in any order; who may see them is asked there again.</param>
    public static async IAsyncEnumerable<TRow> ReadAsync<TRow>(
        IReadOnlyList<long> ids, Func<IReadOnlyList<long>, Task<List<TRow>>> read, Func<TRow, long> idOf)
    {
        foreach (var page in ids.Chunk(ListQuery.LargestPage))
        {
            var rows = (await read(page)).ToDictionary(idOf);
            foreach (var id in page)
            {
                // Deleted since it was listed.
                if (rows.TryGetValue(id, out var row)) yield return row;
            }
        }
    }
}
