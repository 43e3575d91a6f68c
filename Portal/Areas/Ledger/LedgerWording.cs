using Microsoft.Extensions.Localization;
using Portal.Data.Ledger;
using Portal.Resources;

namespace Portal.Areas.Ledger;

/// <summary>How the books are said.</summary>
public static class LedgerWording
{
    /// <summary>An amount without the peso's sign, a dash for nothing: a column of a table says once what it holds.</summary>
    public static string Figure(decimal amount) => amount == 0 ? "–" : Formats.Number(amount);

    /// <summary>A balance with its side: <c>44.335.000 D</c>.</summary>
    public static string Side(decimal balance, IStringLocalizer<LedgerWords> words) => balance switch
    {
        > 0 => words["side.debit", Formats.Number(balance)],
        < 0 => words["side.credit", Formats.Number(-balance)],
        _ => "0",
    };

    /// <summary>With the sign of its side: a receivable that is paid has a minus.</summary>
    public static string Signed(decimal amount) => (amount < 0 ? "−" : "+") + Formats.Number(Math.Abs(amount));

    /// <summary>As the document is called: a receipt and an entry by hand by their numbers, anything else by what happened.</summary>
    public static string Document(this IStringLocalizer<LedgerWords> words, JournalAct act, string memo, string? reference) => act switch
    {
        JournalAct.Payment => Receipt(memo),
        JournalAct.Void => words["void.of", Receipt(memo)],
        JournalAct.Credit => words["credit.of", Receipt(memo)],
        JournalAct.Opening when reference is null => words["act.Opening"],
        _ => reference is null ? memo : $"{reference} {memo}",
    };

    /// <summary>Where there is room for one name only: what was posted by hand by its number, with its memo under it.</summary>
    public static (string Name, string Under) Brief(this IStringLocalizer<LedgerWords> words, MovementRow row)
    {
        string act = words[$"act.{row.Act}"];
        return row.Reference is { } number
            ? (number, row.Memo)
            : (words.Document(row.Act, row.Memo, null), row.Unit is { } unit ? $"{unit} · {act}" : act);
    }

    /// <summary>The month alone, with its year where that is not this one: <c>octubre</c>, <c>octubre de 2025</c>.</summary>
    public static string Month(DateOnly month, DateOnly today) =>
        month.Year == today.Year ? month.ToString("MMMM", Formats.LanguageOf()) : Formats.MonthYear(month);

    /// <summary>For the head of a column: <c>nov</c>.</summary>
    public static string ShortMonth(DateOnly month) => month.ToString("MMM", Formats.LanguageOf()).TrimEnd('.');

    // The bank's reference stands behind it.
    private static string Receipt(string memo) => memo.StartsWith("RC-", StringComparison.Ordinal) ? memo.Split(' ')[0] : memo;

    /// <summary>Where the document of a line is: the payment, the account of the apartment, else the entry itself.</summary>
    public static string Href(MovementRow row) => row.Act switch
    {
        JournalAct.Payment or JournalAct.Void or JournalAct.Credit => $"/payments/{row.SourceId}",
        JournalAct.Charge or JournalAct.Run or JournalAct.Adjustment or JournalAct.Cancellation when row.ApartmentId is { } id =>
            $"/units/{id}",
        JournalAct.Opening when row is { Reference: null, ApartmentId: { } id } => $"/units/{id}",
        JournalAct.Expense when row.Reference is null => $"/expenses/{row.SourceId}",
        _ => $"/ledger/entries/{row.EntryId}",
    };
}
