using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Portal.Data;

namespace Portal.Components.Shared;

/// <summary>
/// The address of a list: <c>?q=ruiz&amp;sort=-date&amp;page=2&amp;size=50&amp;state=pending,confirmed&amp;from=2026-11-01</c>. What is not
/// one of the
/// four names is a filter. The page and its export endpoint read it with the same code, so a file holds what the screen shows.
/// </summary>
public static class ListAddress
{
    public const int DefaultSize = 20;

    private static readonly string[] NotFilters = ["q", "sort", "page", "size", "format", "return", "v", "new"];

    /// <summary>For an export endpoint: <c>ListAddress.Read(http.Request.Query)</c>.</summary>
    public static ListQuery Read(IQueryCollection query, string? defaultSort = null) =>
        Read(query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)), defaultSort);

    /// <param name="uri">Relative or absolute; only what follows the question mark counts.</param>
    /// <param name="defaultSort">A column's key, with a minus in front for descending.</param>
    public static ListQuery Read(string uri, string? defaultSort = null)
    {
        var mark = uri.IndexOf('?');
        var end = uri.IndexOf('#');
        var query = mark < 0 ? "" : uri[mark..(end > mark ? end : uri.Length)];
        return Read(QueryHelpers.ParseQuery(query), defaultSort);
    }

    /// <summary>The shortest address that means this query: what equals the default is left out.</summary>
    public static string Write(string path, ListQuery query, string? defaultSort = null)
    {
        Dictionary<string, string?> parts = [];
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            parts["q"] = query.Search.Trim();
        }

        foreach (var (key, value) in (query.Filters ?? new Dictionary<string, string>()).Where(filter => filter.Value.Length > 0))
        {
            parts[key] = value;
        }

        var sort = SortText(query);
        if (sort is not null && sort != defaultSort)
        {
            parts["sort"] = sort;
        }

        if (query.Size != DefaultSize)
        {
            parts["size"] = query.Size.ToString(CultureInfo.InvariantCulture);
        }

        if (query.Page > 1)
        {
            parts["page"] = query.Page.ToString(CultureInfo.InvariantCulture);
        }

        // A comma is legal in a query and readable; only lists of choices hold one.
        return QueryHelpers.AddQueryString(path, parts).Replace("%2C", ",", StringComparison.OrdinalIgnoreCase);
    }

    public static string? SortText(ListQuery query) => query.Sort is null ? null : query.Descending ? "-" + query.Sort : query.Sort;

    private static ListQuery Read(IEnumerable<KeyValuePair<string, StringValues>> query, string? defaultSort)
    {
        Dictionary<string, string> filters = new(StringComparer.Ordinal);
        string? search = null, sort = defaultSort;
        int page = 1, size = DefaultSize;
        foreach (var (key, values) in query)
        {
            var value = string.Join(',', values.Where(one => !string.IsNullOrWhiteSpace(one)).Select(one => one!.Trim()));
            switch (key)
            {
                case "q":
                    search = value.Length > 0 ? value : null;
                    break;
                case "sort" when value.Trim('-').Length > 0:
                    sort = value;
                    break;
                case "page" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var asked):
                    page = Math.Max(1, asked);
                    break;
                case "size" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var asked):
                    size = Math.Clamp(asked, 1, ListQuery.LargestPage);
                    break;
                default:
                    if (value.Length > 0 && !NotFilters.Contains(key))
                    {
                        filters[key] = value;
                    }

                    break;
            }
        }

        return new ListQuery(search, sort?.TrimStart('-'), sort is ['-', ..], page, size, filters);
    }
}
