using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Payments;
using Portal.Resources;

namespace Portal.Areas.Payments;

/// <summary>What payments are called on screens, in exports and on documents, in the reader's language.</summary>
public static class PaymentWording
{
    /// <summary>The six ways to pay that the portal itself brings; a building's own are shown by the name they have.</summary>
    private const int KnownMethods = 6;

    /// <summary>"B 1204": the short form for lists.</summary>
    public static string? Unit(string? tower, string? number) => number is null ? null : $"{tower} {number}".TrimStart();

    /// <summary>Which payment is meant, for whoever is about to act on it: "Andrea Ruiz, B 402, $ 480.000".</summary>
    public static string Named(PaymentRow row) =>
        string.Join(
            ", ", new[] { row.Payer, Unit(row.Tower, row.Apartment), Formats.Money(row.Amount) }.Where(part => part is { Length: > 0 }));

    /// <summary>"Torre B 1204". A tower that has a name of its own keeps it.</summary>
    public static string UnitLong(this IStringLocalizer<PaymentsWords> words, string? tower, string? number) =>
        number is null ? "" : tower is { Length: <= 3 } ? words["unit.long", tower, number] : $"{tower} {number}";

    public static (Tone Tone, Glyph Icon, string Text) Chip(this IStringLocalizer<PaymentsWords> words, PaymentState state) => state switch
    {
        PaymentState.Paid => (Tone.Ok, Glyph.CheckCircle, words["state.paid"]),
        PaymentState.Pending => (Tone.Warn, Glyph.Clock, words["state.pending"]),
        PaymentState.Overdue => (Tone.Bad, Glyph.Alert, words["state.overdue"]),
        PaymentState.Cancelled => (Tone.Neutral, Glyph.Stop, words["state.cancelled"]),
        PaymentState.Rejected => (Tone.Bad, Glyph.CloseCircle, words["state.rejected"]),
        _ => (Tone.Info, Glyph.Undo, words["state.refunded"]),
    };

    public static string Method(this IStringLocalizer<PaymentsWords> words, int? id, string? name) =>
        id is >= 1 and <= KnownMethods ? words[$"method.{id}"] : name ?? "";

    /// <summary>How a payment of a statement was made: "PSE 8841 2207".</summary>
    public static string Made(this IStringLocalizer<PaymentsWords> words, StatementMovement movement) =>
        $"{words.Method(movement.Method?.Id, movement.Method?.Name)} {movement.Reference}".Trim();

    public static string Kind(this IStringLocalizer<PaymentsWords> words, ChargeKind kind) =>
        words["kind." + kind.ToString().ToLowerInvariant()];

    /// <summary>
    /// Where a payment went, in few words: "Cuota de oct y nov, intereses"; with many lines, how many; of one that no charge took, that it
    /// is credit.
    /// </summary>
    public static string AppliedTo(this IStringLocalizer<PaymentsWords> words, PaymentRow row) =>
        row is { AppliedTo.Count: 0, State: PaymentState.Paid or PaymentState.Pending }
            ? words["applied.credit"]
            : words.AppliedTo(row.AppliedTo);

    /// <inheritdoc cref="AppliedTo(IStringLocalizer{PaymentsWords}, PaymentRow)"/>
    public static string AppliedTo(this IStringLocalizer<PaymentsWords> words, IReadOnlyList<AppliedTo> lines)
    {
        var interest = lines.Count(l => l.Kind == ChargeKind.Interest);
        var charges = lines.Count - interest;
        if (lines.Count > 4)
        {
            return string.Join(
                ", ",
                new[] { Counted(words, "applied.charges", charges), Counted(words, "applied.interest", interest) }.OfType<string>()
            );
        }

        var fees = lines
            .Where(l => l is { Kind: ChargeKind.Fee, Period: not null })
            .Select(l => l.Period!.Value)
            .Distinct()
            .Order()
            .ToList();
        List<string> parts = [];
        if (fees.Count > 0) parts.Add(words["applied.fee", Months(words, fees)]);
        parts.AddRange(lines.Where(l => l.Kind != ChargeKind.Interest && l is not { Kind: ChargeKind.Fee, Period: not null })
            .Select(l => lines.Count == 1 ? words.Concept(l.Kind, l.Period, l.Concept) : words.Kind(l.Kind).ToLower()).Distinct());
        if (interest > 0) parts.Add(words.Kind(ChargeKind.Interest).ToLower());
        var text = string.Join(", ", parts);
        return text.Length == 0 ? "—" : char.ToUpper(text[0]) + text[1..];
    }

    private static string? Counted(IStringLocalizer<PaymentsWords> words, string key, int count) =>
        count == 0 ? null : count == 1 ? words[key + ".one"].Value : words[key + ".many", count].Value;

    private static string Months(IStringLocalizer<PaymentsWords> words, List<DateOnly> months)
    {
        var names = months.Select(month => month.ToString("MMM", Formats.LanguageOf()).TrimEnd('.')).ToList();
        return names.Count switch
        {
            1 => names[0],
            2 => words["applied.months.two", names[0], names[1]],
            _ when months[0].AddMonths(months.Count - 1) == months[^1] => words["applied.months.span", names[0], names[^1]],
            _ => string.Join(", ", names),
        };
    }
}
