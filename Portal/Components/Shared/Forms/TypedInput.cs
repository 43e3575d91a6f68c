using System.Linq.Expressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>
/// A field whose text means a value: a date, a time, a sum. The text stays as it was typed; while it cannot be read, the value is nothing
/// and the form knows why, so that it is not sent. An old value never hides behind a text that does not say it.
/// </summary>
public abstract class TypedInput<TValue> : PortalComponent, IDisposable
    where TValue : struct
{
    private EditContext? _watched;
    private ValidationMessageStore? _messages;
    private TValue? _told;
    private string? _again;
    private bool _first = true;

    [Inject] protected IStringLocalizer<SharedWords> L { get; set; } = null!;

    [CascadingParameter] private EditContext? Form { get; set; }

    [Parameter] public TValue? Value { get; set; }

    [Parameter] public EventCallback<TValue?> ValueChanged { get; set; }

    [Parameter] public Expression<Func<TValue?>>? ValueExpression { get; set; }

    /// <summary>Each letter as it is typed, read; null while it says nothing yet.</summary>
    [Parameter] public EventCallback<TValue?> Typing { get; set; }

    [Parameter] public bool Disabled { get; set; }

    [Parameter] public string? Placeholder { get; set; }

    /// <summary>What a <see cref="FormField"/> gives: the id, and what describes it.</summary>
    [Parameter(CaptureUnmatchedValues = true)] public Dictionary<string, object>? Rest { get; set; }

    protected string? Text { get; private set; }

    /// <summary>The field's key: a new one makes it anew.</summary>
    protected int Round { get; private set; }

    /// <summary>Why the text could not be read; null where it could.</summary>
    protected string? Reason { get; private set; }

    /// <summary>Nobody else says the reason: there is no form around.</summary>
    protected bool SaysItself => Reason is not null && (_watched is null || ValueExpression is null);

    /// <summary>Left empty it is refused before the form is sent: no service can tell an emptied date from a forgotten one.</summary>
    protected virtual bool Required => Rest?.ContainsKey("aria-required") == true;

    protected abstract TypedText.Read<TValue> Read(string? text);

    protected abstract string Write(TValue value);

    /// <summary>The reason in words.</summary>
    protected virtual string Explain(string reason) => L[reason];

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_watched, Form))
        {
            _messages?.Clear();
            if (_watched is not null) _watched.OnValidationRequested -= Asked;
            (_watched, _messages) = (Form, Form is null ? null : new ValidationMessageStore(Form));
            if (_watched is not null) _watched.OnValidationRequested += Asked;
        }

        // The page's own render while something unreadable stands here brings back the nothing that it was told: the text stays.
        if (!_first && EqualityComparer<TValue?>.Default.Equals(Value, _told)) return;
        (_first, _told) = (false, Value);
        Text = Value is { } value ? Write(value) : null;
        if (Reason is not null) Complain(null);
    }

    protected async Task TypeAsync(string? text)
    {
        var read = Read(text);
        var written = read.Value is { } value ? Write(value) : text;
        // The same value, typed in another way: MudBlazor's field does not notice that it is to say it as before, and is made anew when it
        // is left.
        (Text, _again) = written == Text && written != text ? (text, written) : (written, null);
        _told = read.Value;
        Complain(read.Reason);
        if (!EqualityComparer<TValue?>.Default.Equals(Value, read.Value)) await ValueChanged.InvokeAsync(read.Value);
        if (_watched is not null && ValueExpression is not null) _watched.NotifyFieldChanged(FieldIdentifier.Create(ValueExpression));
    }

    protected Task LetterAsync(ChangeEventArgs typed) =>
        Typing.HasDelegate ? Typing.InvokeAsync(Read(typed.Value?.ToString()).Value) : Task.CompletedTask;

    /// <summary>The field was left.</summary>
    protected void Leave()
    {
        if (_again is null) return;
        (Text, _again) = (_again, null);
        Round++;
    }

    private void Asked(object? sender, ValidationRequestedEventArgs asked)
    {
        if (Required && Value is null && Reason is null) Complain("error.required");
    }

    private void Complain(string? reason)
    {
        Reason = reason is null ? null : Explain(reason);
        if (_messages is null) return;
        // Where it is bound to nothing that has a name, the form must still not be sent while it cannot be read.
        var field = ValueExpression is null ? new FieldIdentifier(this, nameof(Text)) : FieldIdentifier.Create(ValueExpression);
        _messages.Clear(field);
        if (Reason is not null) _messages.Add(field, Reason);
        _watched?.NotifyValidationStateChanged();
    }

    public virtual void Dispose()
    {
        // A field that is taken away takes its complaint with it: nobody could mend what they no longer see.
        if (_watched is not null) _watched.OnValidationRequested -= Asked;
        _messages?.Clear();
        if (Reason is not null) _watched?.NotifyValidationStateChanged();
        GC.SuppressFinalize(this);
    }
}
