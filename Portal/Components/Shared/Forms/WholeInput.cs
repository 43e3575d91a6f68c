using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>
/// A whole number, told while it is typed: for forms that show at once what a number amounts to. May be left empty where
/// <typeparamref name="TValue"/> can be null.
/// </summary>
public sealed class WholeInput<TValue> : InputBase<TValue>
{
    [Inject] private IStringLocalizer<SharedWords> L { get; set; } = null!;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "input");
        builder.AddMultipleAttributes(1, AdditionalAttributes);
        builder.AddAttribute(2, "type", "text");
        builder.AddAttribute(3, "inputmode", "numeric");
        builder.AddAttribute(4, "autocomplete", "off");
        builder.AddAttribute(5, "maxlength", "9");
        builder.AddAttribute(6, "class", ("num " + CssClass).Trim());
        builder.AddAttribute(7, "name", string.IsNullOrEmpty(NameAttributeValue) ? null : NameAttributeValue);
        builder.AddAttribute(8, "value", CurrentValueAsString);
        builder.AddAttribute(
            9, "oninput", EventCallback.Factory.CreateBinder<string?>(this, text => CurrentValueAsString = text, CurrentValueAsString));
        builder.SetUpdatesAttributeName("value");
        builder.CloseElement();
    }

    protected override string? FormatValueAsString(TValue? value) => Convert.ToString(value, CultureInfo.InvariantCulture);

    protected override bool TryParseValueFromString(
        string? value, [MaybeNullWhen(false)] out TValue result, [NotNullWhen(false)] out string? validationErrorMessage)
    {
        validationErrorMessage = null;
        if (BindConverter.TryConvertTo(value?.Trim(), CultureInfo.InvariantCulture, out result)) return true;
        validationErrorMessage = L["form.whole"];
        return false;
    }
}
