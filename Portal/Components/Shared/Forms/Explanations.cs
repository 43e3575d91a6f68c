using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>A refusal in the person's words.</summary>
public static class Explanations
{
    /// <summary>
    /// The area's own <c>error.{code}.{field}</c> or <c>error.{code}</c>, else the shared one, else a plain "it could not be done": a
    /// person never sees a code.
    /// Values are written as people read them: money with its sign, dates in words.
    /// </summary>
    public static string Explain(this Error error, IStringLocalizer shared, IStringLocalizer? area = null)
    {
        object[] values = [.. error.Values.Select(Written)];
        // "Fill this in", three times over, says nothing in a summary: the area may name the field.
        var words = error.Field is null ? null : area?[$"error.{error.Code}.{error.Field.ToLowerInvariant()}", values];
        if (words is null || words.ResourceNotFound)
        {
            words = area?["error." + error.Code, values];
        }

        if (words is null || words.ResourceNotFound)
        {
            words = shared["error." + error.Code, values];
        }

        return words.ResourceNotFound ? shared["error.unknown"] : words;
    }

    private static object Written(object? value) => value switch
    {
        decimal money => Formats.Money(money),
        DateOnly date => Formats.ShortDate(date),
        DateTime moment => Formats.DateAndTime(moment),
        TimeOnly time => Formats.Time(time),
        TimeSpan length => Formats.Duration(length),
        null => "",
        _ => value,
    };
}
