using Microsoft.AspNetCore.Components;

namespace Portal.Components.Shared;

/// <summary>A button that runs once per press: it stays disabled until it is done. Whoever gave it is drawn anew afterwards.</summary>
public abstract class OncePressed : PortalComponent
{
    [Parameter] public EventCallback OnPress { get; set; }

    [Parameter] public Glyph? Icon { get; set; }

    [Parameter] public RenderFragment? ChildContent { get; set; }

    protected bool Running { get; private set; }

    protected async Task PressAsync()
    {
        if (!OnPress.HasDelegate || Running) return;
        Running = true;
        try
        {
            await OnPress.InvokeAsync();
        }
        finally
        {
            Running = false;
        }
    }
}
