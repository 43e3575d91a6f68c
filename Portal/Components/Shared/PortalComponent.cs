using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Data.Database;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>
/// What every component of the portal derives from (<c>_Imports.razor</c>), so that a database that is away takes nothing from anybody. An
/// act that met the outage says so and leaves the page as it is, with all that was typed; parameters that could not be followed leave what
/// was shown before. Only a component that has nothing to show yet fails, to the panel of its page, which tries again by itself.
/// </summary>
public abstract class PortalComponent : ComponentBase, IHandleEvent
{
    private bool _shows;

    [Inject] private IServiceProvider Services { get; set; } = null!;

    public override Task SetParametersAsync(ParameterView parameters)
    {
        var task = base.SetParametersAsync(parameters);
        if (!task.IsCompletedSuccessfully) return FollowAsync(task);
        _shows = true;
        return task;
    }

    /// <summary>As <see cref="ComponentBase"/> does it, but for the outage.</summary>
    Task IHandleEvent.HandleEventAsync(EventCallbackWorkItem callback, object? arg)
    {
        var task = callback.InvokeAsync(arg);
        var done = task.Status is TaskStatus.RanToCompletion or TaskStatus.Canceled;
        StateHasChanged();
        return done ? Task.CompletedTask : ActAsync(task);
    }

    /// <summary>
    /// An act of the person met an outage; says so in a toast. A page without a circuit has none: it says it in its own way.
    /// </summary>
    /// <returns>False: it goes on as the exception it was.</returns>
    protected virtual bool Tell(Outage outage)
    {
        if (!RendererInfo.IsInteractive || Services.GetService<Toasts>() is not { } toasts) return false;
        var words = Services.GetRequiredService<IStringLocalizer<SharedWords>>();
        var text = words[outage is Outage.Away ? "outage.acting.away" : "outage.acting.busy"].Value;
        toasts.Show(text, Tone.Bad);
        return true;
    }

    /// <summary>For what goes on by itself, outside any act: an outage takes the page from nobody.</summary>
    protected new Task DispatchExceptionAsync(Exception exception) =>
        Outages.Of(exception) is { } outage && Tell(outage) ? Task.CompletedTask : base.DispatchExceptionAsync(exception);

    private async Task FollowAsync(Task task)
    {
        try
        {
            await task;
            _shows = true;
        }
        catch (Exception exception) when (_shows && Outages.Of(exception) is { } outage && Tell(outage))
        {
            // What was shown before stays.
        }
    }

    private async Task ActAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            if (task.IsCanceled) return;
            if (Outages.Of(exception) is not { } outage || !Tell(outage)) throw;
        }

        StateHasChanged();
    }
}
