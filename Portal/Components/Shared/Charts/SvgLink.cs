using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Components.Shared;

/// <summary>A part of a drawing that may lead somewhere, with its words on hover.</summary>
public sealed class SvgLink : ComponentBase
{
    [Parameter] public string? Href { get; set; }

    [Parameter] public string? Title { get; set; }

    [Parameter] public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, Href is null ? "g" : "a");
        if (Href is not null)
        {
            builder.AddAttribute(1, "href", Href);
            builder.AddAttribute(2, "aria-label", Title);
        }

        if (Title is not null)
        {
            builder.OpenElement(3, "title");
            builder.AddContent(4, Title);
            builder.CloseElement();
        }

        builder.AddContent(5, ChildContent);
        builder.CloseElement();
    }
}
