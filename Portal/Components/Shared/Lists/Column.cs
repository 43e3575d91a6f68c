using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Portal.Components.Shared;

/// <summary>One column of a <see cref="DataList{TRow}"/>; draws nothing by itself.</summary>
public sealed class Column<TRow> : ComponentBase, IDisposable
{
    [CascadingParameter] private DataList<TRow>? List { get; set; }

    /// <summary>Its name in the address and in the saved choice: lowercase letters.</summary>
    [Parameter, EditorRequired] public string Key { get; set; } = "";

    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>The cell. Without it, nothing shows: there is no reflection here.</summary>
    [Parameter, EditorRequired] public RenderFragment<TRow>? ChildContent { get; set; }

    /// <summary>The list's service knows <see cref="Key"/> as a sort key.</summary>
    [Parameter] public bool Sort { get; set; }

    [Parameter] public Align Align { get; set; }

    /// <summary>Money: to the end, tabular and strong. Put the currency in <see cref="Title"/>.</summary>
    [Parameter] public bool Money { get; set; }

    /// <summary>Tabular figures that never wrap: dates, numbers, plates.</summary>
    [Parameter] public bool Num { get; set; }

    /// <summary>Takes what width is left and cuts with an ellipsis. One column of a list at most.</summary>
    [Parameter] public bool Clip { get; set; }

    /// <summary>Takes what width is left and goes on in the next line: words that have to be read whole.</summary>
    [Parameter] public bool Wrap { get; set; }

    /// <summary>The cell is a link to the row's page: give one column of a list with RowHref this.</summary>
    [Parameter] public bool Link { get; set; }

    /// <summary>Shown until the person chooses otherwise.</summary>
    [Parameter] public bool Default { get; set; } = true;

    /// <summary>Cannot be hidden.</summary>
    [Parameter] public bool Fixed { get; set; }

    [Parameter] public PhonePart Phone { get; set; }

    /// <summary>Only where there is room (from 1280 pixels): what a narrower screen can do without.</summary>
    [Parameter] public bool Wide { get; set; }

    /// <summary>Read aloud but not written over the column.</summary>
    [Parameter] public bool TitleHidden { get; set; }

    internal bool AtEnd => Money || Align == Align.End;

    internal string? HeadCss =>
        (
            AtEnd ? "r"
            : Align == Align.Center ? "c"
            : null,
            Wide
        ) switch
        {
            (var css, false) => css,
            (null, true) => "wide-col",
            (var css, true) => css + " wide-col",
        };

    internal string? CellCss =>
        string.Join(
            ' ',
            new[]
            {
                Money ? "money"
                : AtEnd ? "r"
                : Align == Align.Center ? "c"
                : null,
                Num ? "num" : null,
                Clip ? "clip"
                : Wrap ? "wrap"
                : null,
                Wide ? "wide-col" : null,
            }.OfType<string>()
        )
            is { Length: > 0 } css
            ? css
            : null;

    protected override void OnInitialized()
    {
        if (List is null)
        {
            throw new InvalidOperationException("A Column stands inside the Columns of a DataList.");
        }

        List.Add(this);
    }

    public void Dispose() => List?.Remove(this);
}
