using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.Localization;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>
/// An amount of pesos. Takes it as people write it, with or without the sign and the thousands ("$ 1.100.000", "1100000"),
/// and shows it with the separators of the language. Whole pesos only: a separator never starts decimals here.
/// </summary>
public sealed class AmountInput : InputBase<decimal?>
{
    [Inject] private IStringLocalizer<SharedWords> L { get; set; } = null!;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "input");
        builder.AddMultipleAttributes(1, AdditionalAttributes);
        builder.AddAttribute(2, "type", "text");
        builder.AddAttribute(3, "inputmode", "numeric");
        builder.AddAttribute(4, "autocomplete", "off");
        builder.AddAttribute(5, "maxlength", "24");
        builder.AddAttribute(6, "class", ("num " + CssClass).Trim());
        builder.AddAttribute(7, "name", string.IsNullOrEmpty(NameAttributeValue) ? null : NameAttributeValue);
        builder.AddAttribute(8, "value", CurrentValueAsString);
        builder.AddAttribute(
            9, "onchange", EventCallback.Factory.CreateBinder<string?>(this, text => CurrentValueAsString = text, CurrentValueAsString));
        builder.SetUpdatesAttributeName("value");
        builder.CloseElement();
    }

    protected override string? FormatValueAsString(decimal? value) => value is null ? null : Formats.Money(value.Value);

    protected override bool TryParseValueFromString(
        string? value, out decimal? result, [NotNullWhen(false)] out string? validationErrorMessage)
    {
        validationErrorMessage = null;
        result = null;
        var digits = string.Concat(
            (value ?? "").Where(letter => !char.IsWhiteSpace(letter) && letter is not ('$' or '.' or ',' or '\'' or '’'))
        );
        if (digits.Length == 0)
        {
            return true;
        }

        if (decimal.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount))
        {
            result = amount;
            return true;
        }

        validationErrorMessage = L["form.amount"];
        return false;
    }
}
