using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Portal.Data;

namespace Portal.Components.Shared;

/// <summary>
/// Everything that is wrong with a form, in one place, with links to the fields. Also takes what the service refused:
/// <see cref="Show"/> puts each error at its field. Stands inside the EditForm, before the fields.
/// </summary>
public sealed partial class FormSummary
{
    private readonly List<(string? Id, string? Label, string Text)> lines = [];
    private readonly List<string> general = [];
    private EditContext? watched;
    private ValidationMessageStore? refused;
    private ElementReference element;
    private bool focus, outage, asked, drawn;

    [CascadingParameter] private EditContext? Form { get; set; }

    /// <summary>The area's words, where its <c>error.{code}</c> stand.</summary>
    [Parameter] public IStringLocalizer? Words { get; set; }

    /// <summary>Where a <see cref="FormField"/> leaves its label with the form, so that a line here says what it speaks of.</summary>
    internal static object LabelOf(string field) => ("label", field);

    /// <summary>Puts the refusals of a service at their fields and into the summary, and brings the summary into sight.</summary>
    public void Show(IReadOnlyList<Error> errors)
    {
        refused?.Clear();
        general.Clear();
        outage = errors.Any(error => error.IsOutage);
        foreach (var error in errors)
        {
            var text = error.Explain(L, Words);
            var property = error.Field is null ? null : Form?.Model.GetType().GetProperties()
                .FirstOrDefault(one => one.Name.Equals(error.Field.Replace("_", ""), StringComparison.OrdinalIgnoreCase));
            if (property is null || refused is null)
            {
                general.Add(text);
            }
            else
            {
                refused.Add(Form!.Field(property.Name), text);
            }
        }

        (focus, asked) = (errors.Count > 0, asked || errors.Count > 0);
        Form?.NotifyValidationStateChanged();
        Read();
        StateHasChanged();
    }

    protected override void OnParametersSet()
    {
        if (ReferenceEquals(watched, Form))
        {
            return;
        }

        Unwatch();
        watched = Form;
        if (watched is not null)
        {
            refused = new ValidationMessageStore(watched);
            watched.OnValidationStateChanged += Revalidated;
            watched.OnValidationRequested += Asked;
            watched.OnFieldChanged += Typed;
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Only what was drawn can have the focus: a line may have come since.
        if (focus && drawn)
        {
            focus = false;
            await element.FocusAsync();
        }
    }

    private void Asked(object? sender, ValidationRequestedEventArgs request)
    {
        refused?.Clear();
        general.Clear();
        (focus, outage, asked) = (true, false, true);
        // What stands at the fields already changes nothing by being asked for: nobody else would say that it is to be read.
        Read();
        _ = InvokeAsync(StateHasChanged);
    }

    private void Typed(object? sender, FieldChangedEventArgs typed)
    {
        refused?.Clear(typed.FieldIdentifier);
        watched?.NotifyValidationStateChanged();
    }

    private void Revalidated(object? sender, ValidationStateChangedEventArgs change)
    {
        Read();
        _ = InvokeAsync(StateHasChanged);
    }

    private void Read()
    {
        lines.Clear();
        // Not before somebody wanted to send it: until then each field says for itself, and what is below does not move under the pointer.
        if (!asked) return;
        lines.AddRange(general.Select(text => ((string?)null, (string?)null, text)));
        if (Form is null)
        {
            return;
        }

        var properties = Form.Model.GetType().GetProperties().Select(property => property.Name).ToList();
        foreach (var name in properties)
        {
            var label = Form.Properties.TryGetValue(LabelOf(name), out var known) ? known as string : null;
            lines.AddRange(
                Form.GetValidationMessages(Form.Field(name)).Distinct().Select(text => ((string?)FormField.IdOf(name), label, text)));
        }

        var said = lines.Select(line => line.Text).ToHashSet();
        lines.AddRange(Form.GetValidationMessages().Where(said.Add).Select(text => ((string?)null, (string?)null, text)));
    }

    private void Unwatch()
    {
        if (watched is not null)
        {
            watched.OnValidationStateChanged -= Revalidated;
            watched.OnValidationRequested -= Asked;
            watched.OnFieldChanged -= Typed;
        }
    }

    public void Dispose() => Unwatch();
}
