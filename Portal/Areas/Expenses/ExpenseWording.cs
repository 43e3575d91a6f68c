using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data.Expenses;
using Portal.Resources;

namespace Portal.Areas.Expenses;

/// <summary>How expenses and budgets are said.</summary>
public static class ExpenseWording
{
    /// <summary>The chip of a state; an approved one says whether some of it is paid.</summary>
    public static (Tone Tone, Glyph Icon, string Text) Chip(
        this IStringLocalizer<ExpensesWords> words, ExpenseState state, decimal paid = 0) => state switch
    {
        ExpenseState.Draft => (Tone.Neutral, Glyph.Edit, words["state.Draft"]),
        ExpenseState.Sent => (Tone.Warn, Glyph.Clock, words["state.Sent"]),
        ExpenseState.Returned => (Tone.Bad, Glyph.Undo, words["state.Returned"]),
        ExpenseState.Approved when paid > 0 => (Tone.Info, Glyph.Payments, words["state.Part"]),
        ExpenseState.Approved => (Tone.Info, Glyph.Check, words["state.Approved"]),
        ExpenseState.Paid => (Tone.Ok, Glyph.CheckCircle, words["state.Paid"]),
        _ => (Tone.Neutral, Glyph.Stop, words["state.Voided"]),
    };

    public static Glyph Icon(ExpenseStepKind kind) => kind switch
    {
        ExpenseStepKind.Made => Glyph.Plus,
        ExpenseStepKind.Changed => Glyph.Edit,
        ExpenseStepKind.Sent => Glyph.Send,
        ExpenseStepKind.Returned => Glyph.Undo,
        ExpenseStepKind.Approved => Glyph.Check,
        ExpenseStepKind.Paid => Glyph.Payments,
        _ => Glyph.Stop,
    };

    /// <summary>Above zero with a plus, below with a minus, nothing as a dash.</summary>
    public static string Signed(decimal amount) =>
        amount == 0 ? "–" : (amount > 0 ? "+" : "−") + Formats.Number(Math.Abs(amount));
}
