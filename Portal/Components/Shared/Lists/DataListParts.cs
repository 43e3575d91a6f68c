using Microsoft.AspNetCore.Components;
using Portal.Data;

namespace Portal.Components.Shared;

/// <summary>Where a column's cell stands on the phone, where a row is a card of two lines.</summary>
public enum PhonePart
{
    /// <summary>
    /// The list decides: the first column is the title, the first aligned to the end stands beside it, two more make the second line.
    /// </summary>
    Auto,
    Hidden,
    Title,
    End,
    Sub,
    SubEnd,
}

public enum FilterKind
{
    /// <summary>One or several of <see cref="Filter.Options"/>; several stand in the address with commas.</summary>
    Choice,

    /// <summary>
    /// A span of days: <see cref="Filter.Key"/> holds the first, <see cref="Filter.KeyTo"/> the last, both as yyyy-MM-dd.
    /// </summary>
    Dates,

    /// <summary>A span of pesos or numbers, in <see cref="Filter.Key"/> and <see cref="Filter.KeyTo"/>.</summary>
    Amounts,
    Text,
}

/// <param name="Value">As it stands in the address.</param>
public sealed record FilterOption(string Value, string Label);

/// <summary>What a list's filters and columns tell it; the part of <see cref="DataList{TRow}"/> that does not depend on the row.</summary>
public abstract class DataListBase : PortalComponent
{
    internal List<Filter> FilterParts { get; } = [];

    internal abstract ListQuery Query { get; }

    internal abstract string Address(ListQuery query);

    internal void Add(Filter filter)
    {
        if (!FilterParts.Contains(filter))
        {
            FilterParts.Add(filter);
        }
    }

    internal void Remove(Filter filter) => FilterParts.Remove(filter);

    /// <summary>The same list with some filters set (null takes one off), from its first page.</summary>
    internal string With(params (string Key, string? Value)[] changes)
    {
        var filters = new Dictionary<string, string>(Query.Filters ?? new Dictionary<string, string>());
        foreach (var (key, value) in changes)
        {
            filters.Remove(key);
            if (!string.IsNullOrEmpty(value))
            {
                filters[key] = value;
            }
        }

        return Address(Query with { Filters = filters, Page = 1 });
    }
}

/// <summary>Renders after its earlier siblings: by then the columns and filters have reported to their list.</summary>
public sealed class Later : ComponentBase
{
    [Parameter] public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) =>
        builder.AddContent(0, ChildContent);
}
