using System.Linq.Expressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace Portal.Components.Shared;

/// <summary>A label above, the input, the error at it and the help under it, joined for screen readers.</summary>
public sealed partial class FormField : IDisposable
{
    private EditContext? watched;
    private FieldIdentifier edited;
    private string[] messages = [];

    [CascadingParameter] private EditContext? Form { get; set; }

    [Parameter, EditorRequired] public string Label { get; set; } = "";

    /// <summary>The property it edits: shows its messages and gives the input its id.</summary>
    [Parameter] public Expression<Func<object?>>? For { get; set; }

    /// <summary>A message of the page's own, beside those of the form.</summary>
    [Parameter] public string? Error { get; set; }

    [Parameter] public string? Help { get; set; }

    /// <summary>Told to screen readers; mark the few optional fields in sight instead of the many required ones.</summary>
    [Parameter] public bool Required { get; set; }

    /// <summary>Writes "optional" beside the label.</summary>
    [Parameter] public bool Optional { get; set; }

    /// <summary>At the end of the label's line: a link.</summary>
    [Parameter] public RenderFragment? Aside { get; set; }

    [Parameter] public string? Name { get; set; }

    [Parameter] public string? Class { get; set; }

    /// <summary>The input; splat the given attributes on it: <c>@attributes="field"</c>.</summary>
    [Parameter, EditorRequired] public RenderFragment<Dictionary<string, object>> ChildContent { get; set; } = null!;

    private string Id => IdOf(Name ?? (For is null ? Label : edited.FieldName));

    private bool Bad => messages.Length > 0;

    /// <summary>The id that an input of this property has, for labels and for the summary's links.</summary>
    public static string IdOf(string name) =>
        "f-" + new string([.. name.ToLowerInvariant().Select(letter => char.IsLetterOrDigit(letter) ? letter : '-')]);

    protected override void OnParametersSet()
    {
        if (For is not null)
        {
            edited = FieldIdentifier.Create(For);
        }

        if (!ReferenceEquals(watched, Form))
        {
            Unwatch();
            watched = Form;
            if (watched is not null)
            {
                watched.OnValidationStateChanged += Revalidated;
            }
        }

        if (Form is not null && For is not null) Form.Properties[FormSummary.LabelOf(edited.FieldName)] = Label;
        Read();
    }

    private Dictionary<string, object> Wiring()
    {
        Dictionary<string, object> wiring = new() { ["id"] = Id };
        var described = string.Join(' ', new[] { Bad ? Id + "-error" : null, Help is null ? null : Id + "-help" }.OfType<string>());
        if (described.Length > 0)
        {
            wiring["aria-describedby"] = described;
        }

        if (Bad)
        {
            wiring["aria-invalid"] = "true";
        }

        if (Required)
        {
            wiring["aria-required"] = "true";
        }

        return wiring;
    }

    private void Read() => messages =
    [
        .. Error is null ? [] : new[] { Error },
        .. Form is null || For is null ? [] : Form.GetValidationMessages(edited).Distinct(),
    ];

    private void Revalidated(object? sender, ValidationStateChangedEventArgs change)
    {
        Read();
        _ = InvokeAsync(StateHasChanged);
    }

    private void Unwatch()
    {
        if (watched is not null)
        {
            watched.OnValidationStateChanged -= Revalidated;
        }
    }

    public void Dispose() => Unwatch();
}
