using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Pqrs;

namespace Portal.Areas.Pqrs;

/// <summary>
/// Where an answer, a note or a message is written. What is typed is kept in the browser until it is sent, per person and case, so that
/// neither
/// a lost connection nor a closed tab loses it; Ctrl+Enter sends.
/// </summary>
public sealed partial class Composer
{
    private readonly List<string> refusals = [];
    private ElementReference root, area;
    private FilePicker? picker;
    private IJSObjectReference? module;
    private DotNetObjectReference<Composer>? self;
    private ComposerMode mode;
    private string? text, draft;
    private IReadOnlyList<PqrsAnswer>? ready;

    /// <summary>The first is chosen at the beginning; more than one are tabs.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<ComposerMode> Modes { get; set; } = [];

    /// <summary>Names the draft in the browser.</summary>
    [Parameter, EditorRequired] public string DraftKey { get; set; } = "";

    /// <summary>Who receives a reply.</summary>
    [Parameter] public string? Recipient { get; set; }

    /// <summary>The administration waits for this message.</summary>
    [Parameter] public bool Asked { get; set; }

    /// <summary>Reads the answers kept ready; null: none are offered.</summary>
    [Parameter] public Func<Task<IReadOnlyList<PqrsAnswer>>>? Answers { get; set; }

    /// <summary>Fills the holes of an answer.</summary>
    [Parameter] public Func<string, string>? Fill { get; set; }

    /// <summary>Told when somebody begins to write, and when they have sent.</summary>
    [Parameter] public Func<bool, Task>? Writing { get; set; }

    [Parameter, EditorRequired] public Func<ComposerMode, string, IReadOnlyList<PqrsUpload>, Task<Result>> Send { get; set; } = null!;

    protected override void OnParametersSet()
    {
        if (!Modes.Contains(mode)) mode = Modes[0];
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        self = DotNetObjectReference.Create(this);
        module = await Js.InvokeAsync<IJSObjectReference>("import", "./Areas/Pqrs/Composer.razor.js");
        await module.InvokeVoidAsync("attach", root, area, DraftKey, self, Modes.Select(Name));
    }

    /// <summary>The browser has kept what is typed.</summary>
    [JSInvokable]
    public async Task Kept()
    {
        if (Writing is not null) await Writing(true);
        draft = L["composer.draft", Formats.Time(TimeOnly.FromDateTime(Clock.Now))];
        StateHasChanged();
    }

    /// <summary>The browser had a draft of this kind.</summary>
    [JSInvokable]
    public void Restored(string kind)
    {
        if (Modes.FirstOrDefault(one => Name(one) == kind, mode) is var found) mode = found;
        draft = L["composer.restored"];
        StateHasChanged();
    }

    private async Task ChooseAsync(ComposerMode chosen)
    {
        mode = chosen;
        refusals.Clear();
        if (module is not null) await module.InvokeVoidAsync("mode", root, Name(chosen));
    }

    private async Task PressAsync()
    {
        await SendAsync();
        // The button draws only itself anew.
        StateHasChanged();
    }

    private async Task SendAsync()
    {
        refusals.Clear();
        var files = picker?.Uploads ?? [];
        if (picker is { Busy: true })
        {
            refusals.Add(L["composer.files.reading"]);
            return;
        }

        if (string.IsNullOrWhiteSpace(text) && (mode != ComposerMode.Message || files.Count == 0))
        {
            refusals.Add(L[$"composer.{Name(mode)}.empty"]);
            await area.FocusAsync();
            return;
        }

        var result = await Send(mode, text ?? "", files);
        if (!result.Ok)
        {
            refusals.AddRange(result.Errors.Select(error => error.Explain(S, L)));
            return;
        }

        text = null;
        draft = null;
        picker?.Clear();
        if (module is not null) await module.InvokeVoidAsync("clear", root);
        if (Writing is not null) await Writing(false);
    }

    private async Task OpenedAsync(bool opened)
    {
        if (opened && Answers is not null) ready = await Answers();
    }

    /// <summary>Goes where the words end; what was written stays.</summary>
    private async Task UseAsync(PqrsAnswer answer)
    {
        var words = Fill is null ? answer.Text : Fill(answer.Text);
        if (module is not null) await module.InvokeVoidAsync("put", root, words);
    }

    private static string Name(ComposerMode one) => one.ToString().ToLowerInvariant();

    private static Glyph IconOf(ComposerMode one) => one == ComposerMode.Note ? Glyph.Lock : Glyph.Send;

    public async ValueTask DisposeAsync()
    {
        self?.Dispose();
        if (module is null) return;
        try
        {
            await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the module with it.
        }
    }
}
