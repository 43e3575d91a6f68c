using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Components.Shared;

/// <content>Which columns show and where, sorting, ticked rows and the addresses of the tools.</content>
public partial class DataList<TRow>
{
    private List<Column<TRow>> Visible()
    {
        var defaults = columns.Where(column => column.Default || column.Fixed).ToList();
        if (Chosen.ColumnsOf(Id) is not { Length: > 0 } keys)
        {
            return defaults;
        }

        // A choice saved before a release may name columns that are gone or miss ones that must stay.
        var chosen = keys.Select(key => columns.FirstOrDefault(column => column.Key == key)).OfType<Column<TRow>>().ToList();
        chosen.InsertRange(0, columns.Where(column => column.Fixed && !chosen.Contains(column)));
        return chosen.Count > 0 ? chosen : defaults;
    }

    private Dictionary<Column<TRow>, string> Places(List<Column<TRow>> shown)
    {
        var places = shown.Where(column => column.Phone != PhonePart.Auto).ToDictionary(column => column, column => column.Phone);
        var free = new Queue<PhonePart>(
            new[] { PhonePart.Title, PhonePart.Sub, PhonePart.SubEnd }.Where(part => !places.ContainsValue(part))
        );
        foreach (var column in shown.Where(column => column.Phone == PhonePart.Auto))
        {
            places[column] = column.AtEnd && !places.ContainsValue(PhonePart.End) ? PhonePart.End
                : free.TryDequeue(out var part) ? part : PhonePart.Hidden;
        }

        // Each place holds one: what would be printed over another comes below it.
        var taken = new HashSet<PhonePart>();
        return places.ToDictionary(
            pair => pair.Key,
            pair =>
                pair.Value switch
                {
                    not PhonePart.Hidden when !taken.Add(pair.Value) => "p-more",
                    PhonePart.Title => "p-title",
                    PhonePart.End => "p-end",
                    PhonePart.Sub => "p-sub",
                    PhonePart.SubEnd => "p-subend",
                    _ => "p-hidden",
                }
        );
    }

    private async Task ChooseAsync(List<string>? keys)
    {
        await Chosen.SaveColumnsAsync(Id, keys);
        StateHasChanged();
    }

    private string? SortState(Column<TRow> column) =>
        !column.Sort || query.Sort != column.Key ? null : query.Descending ? "descending" : "ascending";

    private string SortAddress(Column<TRow> column) =>
        Address(
            query with
            {
                Sort = column.Key,
                Descending = SortState(column) == "ascending" || (SortState(column) is null && column.Money),
                Page = 1,
            }
        );

    private string SortTitle(Column<TRow> column) =>
        L[SortState(column) == "ascending" ? "list.sort.down" : "list.sort.up", column.Title];

    private string ExportAddress(string format)
    {
        var whole = Address(query with { Page = 1, Size = ListAddress.DefaultSize });
        return QueryHelpers.AddQueryString(Export + (whole.Contains('?') ? whole[whole.IndexOf('?')..] : ""), "format", format);
    }

    private IEnumerable<KeyValuePair<string, string>> Hidden() =>
        QueryHelpers.ParseQuery(Address(query with { Search = null, Page = 1 }).Split('?', 2).ElementAtOrDefault(1))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()));

    private MarkupString CountWords(int total)
    {
        var number = Formats.Number(total);
        var words = Count?.Invoke(total) ?? (total == 1 ? L["list.rows.one"] : L["list.rows.many", number]).Value;
        return new MarkupString(
            System.Net.WebUtility.HtmlEncode(words).Replace(number, $"<b class=\"num\">{number}</b>", StringComparison.Ordinal)
        );
    }

    private void Select(TRow row)
    {
        if (!selected.Remove(row))
        {
            selected.Add(row);
        }
    }

    private void SelectAll(ChangeEventArgs change)
    {
        selected.Clear();
        if (change.Value is true && page is not null)
        {
            selected.AddRange(page.Rows);
        }
    }
}
