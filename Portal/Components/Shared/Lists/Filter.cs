using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>One way to narrow a <see cref="DataList{TRow}"/>; draws nothing by itself. Its values stand in the address.</summary>
public sealed class Filter : ComponentBase, IDisposable
{
    [CascadingParameter] private DataListBase? List { get; set; }

    [Inject] private IStringLocalizer<SharedWords> L { get; set; } = null!;

    /// <summary>Its name in the address, which the service reads: state, from, min.</summary>
    [Parameter, EditorRequired] public string Key { get; set; } = "";

    /// <summary>The upper end of a span: to, max.</summary>
    [Parameter] public string? KeyTo { get; set; }

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    [Parameter] public FilterKind Kind { get; set; }

    [Parameter] public IReadOnlyList<FilterOption> Options { get; set; } = [];

    /// <summary>More than one choice at once; the service reads them with commas.</summary>
    [Parameter] public bool Multiple { get; set; }

    internal string? Low => Value(Key);

    internal string? High => KeyTo is null ? null : Value(KeyTo);

    internal bool IsSet => Low is not null || High is not null;

    internal string[] Keys => KeyTo is null ? [Key] : [Key, KeyTo];

    internal bool Has(string value) => Low?.Split(',').Contains(value, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>The value in words, as the pill shows it.</summary>
    internal string Words() =>
        Kind switch
        {
            FilterKind.Dates => Span(
                Low is null ? null : Date(Low), High is null ? null : Date(High), "list.filter.since", "list.filter.until", DateWords),
            FilterKind.Amounts => Span(Amount(Low), Amount(High), "list.filter.over", "list.filter.under", null),
            FilterKind.Choice => string.Join(
                ", ",
                (Low ?? "")
                    .Split(',')
                    .Select(one =>
                        Options.FirstOrDefault(option => option.Value.Equals(one, StringComparison.OrdinalIgnoreCase))?.Label ?? one
                    )
            ),
            _ => Low ?? "",
        };

    protected override void OnInitialized()
    {
        if (List is null)
        {
            throw new InvalidOperationException("A Filter stands inside the Filters of a DataList.");
        }

        List.Add(this);
    }

    public void Dispose() => List?.Remove(this);

    private string? Value(string key) => List?.Query.Filter(key);

    private string Span(string? low, string? high, string since, string until, Func<string?>? both) =>
        low is null ? L[until, high ?? ""] : high is null ? L[since, low] : both?.Invoke() ?? L["list.filter.between", low, high];

    private string? DateWords() => Parse(Low) is { } from && Parse(High) is { } to && from <= to ? Formats.DateRange(from, to) : null;

    private static string Date(string text) => Parse(text) is { } date ? Formats.ShortDate(date) : text;

    private static string? Amount(string? text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? Formats.Money(amount) : text;

    private static DateOnly? Parse(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
}
