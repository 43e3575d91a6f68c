using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Billing;
using Portal.Resources;

namespace Portal.Areas.Billing;

/// <summary>How the months, notes and concepts of billing are said.</summary>
internal static class BillingWording
{
    /// <summary>What stands to the right of a row of the preview, the gravest first.</summary>
    private static readonly (BillingNotes Note, Tone Tone, Glyph Icon)[] Notes =
    [
        (BillingNotes.NoCoefficient, Tone.Warn, Glyph.Percent), (BillingNotes.NoAmount, Tone.Warn, Glyph.Warning),
        (BillingNotes.NoReading, Tone.Warn, Glyph.Warning),
        (BillingNotes.NoOwner, Tone.Warn, Glyph.Warning), (BillingNotes.Exempt, Tone.Neutral, Glyph.Minus),
        (BillingNotes.Credit, Tone.Ok, Glyph.Check),
    ];

    public static IEnumerable<(BillingNotes Note, Tone Tone, Glyph Icon)> Of(BillingNotes notes) => Notes.Where(n => notes.HasFlag(n.Note));

    /// <summary>The first day of the month in an address, <c>2026-12</c>; else of the day given.</summary>
    public static DateOnly Month(string? text, DateOnly today) =>
        DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", out var month) && month.Year is >= 2000 and <= 2200
            ? month
            : new DateOnly(today.Year, today.Month, 1);

    public static string Address(string path, DateOnly month) => string
        .Create(CultureInfo.InvariantCulture, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}month={month:yyyy-MM}");

    /// <summary>"Diciembre de 2026", as a title begins.</summary>
    public static string Title(DateOnly month) => Formats.MonthYear(month) is { Length: > 0 } text
        ? char.ToUpper(text[0], CultureInfo.CurrentCulture) + text[1..]
        : "";

    /// <summary>"nov 2026", for the head of a narrow column.</summary>
    public static string Short(DateOnly month) => month.ToString("MMM yyyy", Formats.LanguageOf());

    public static string Basis(this IStringLocalizer<BillingWords> words, ConceptBasis basis, decimal? amount) => amount is { } sum
        ? words[$"basis.{basis}.sum", Formats.Money(sum)]
        : words[$"basis.{basis}"];

    /// <summary>The months that can still be charged, and the one before them.</summary>
    public static bool CanStep(DateOnly month, int by, DateOnly today)
    {
        var now = new DateOnly(today.Year, today.Month, 1);
        var to = month.AddMonths(by);
        return to <= now.AddMonths(1) && to >= now.AddMonths(-BillingDesk.OldestMonths * 5);
    }
}
