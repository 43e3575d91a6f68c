using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Facilities;

namespace Portal.Areas.Facilities;

/// <summary>
/// What is wrong with the rules of a facility, as the form shows it: at the form's fields, lengths in the units they are typed in.
/// </summary>
public static class FacilityErrors
{
    public static Func<Error, Error> Readable(IStringLocalizer words) =>
        error =>
            error switch
            {
                // A refusal about the hours of a weekday names the day; the editor marks it as well.
                { Field: { } field }
                    when field.StartsWith("Hours.", StringComparison.Ordinal) && int.TryParse(field["Hours.".Length..], out var day) =>
                    new Error(error.Code, null, BookingText.Weekday(day)),
                { Field: { } field } when field.StartsWith("Quotas.", StringComparison.Ordinal) => Counted(
                    error with
                    {
                        Field = field.Replace(".", "", StringComparison.Ordinal),
                    }
                ),
                { Field: { } field } when field.EndsWith("Minutes", StringComparison.Ordinal) => new Error(
                    error.Code, field, [.. error.Values.Select(v => Length(v, words))]),
                { Field: nameof(FacilityInput.HourlyRate) or nameof(FacilityInput.Deposit) } => error,
                _ => Counted(error),
            };

    /// <summary>Whole numbers come as amounts, and would be written as money.</summary>
    private static Error Counted(Error error) =>
        new(error.Code, error.Field, [.. error.Values.Select(v => v is decimal number ? Formats.Number(number) : v)]);

    private static object? Length(object? value, IStringLocalizer words) => value switch
    {
        decimal minutes => BookingText.Length((int)minutes, words),
        int minutes => BookingText.Length(minutes, words),
        _ => value,
    };
}
