using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Bank;
using Portal.Resources;

namespace Portal.Areas.Bank;

/// <summary>How the bank is said.</summary>
public static class BankWording
{
    /// <summary>The month of an address, <c>2026-11</c>; null where it is none.</summary>
    public static DateOnly? Month(string? text) =>
        DateOnly.TryParseExact($"{text}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
        && month.Year is >= 1990 and <= 2200
            ? month
            : null;

    public static string Reconcile(int account, DateOnly? month = null) =>
        month is { } of ? string.Create(CultureInfo.InvariantCulture, $"/bank/{account}/reconcile?month={of:yyyy-MM}") : $"/bank/{account}/reconcile";

    /// <summary>A sum with its sign, its cents only where there are some.</summary>
    public static string Sum(decimal amount)
    {
        var cents = amount == decimal.Truncate(amount) ? 0 : 2;
        return (amount < 0 ? "−" : "") + Formats.Number(Math.Abs(amount), cents);
    }

    /// <summary>The same with the peso's sign.</summary>
    public static string Pesos(decimal amount) => (amount < 0 ? "−$ " : "$ ") + Sum(Math.Abs(amount));

    /// <summary>
    /// A balance as somebody copies it from a statement, in either way of writing; the last separator before one or two digits is the
    /// decimal sign. Null where it is none.
    /// </summary>
    public static decimal? Balance(string? typed)
    {
        var text = (typed ?? "").Replace("$", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace('−', '-');
        var negative = text.StartsWith('-') || text.EndsWith('-');
        text = text.Trim('-');
        var at = text.LastIndexOfAny([',', '.']);
        var (whole, cents) = at >= 0 && text.Length - at - 1 is 1 or 2 ? (text[..at], text[(at + 1)..]) : (text, "0");
        var groups = whole.Split(',', '.');
        if (groups.Length > 1 && (groups[0].Length is 0 or > 3 || groups.Skip(1).Any(g => g.Length != 3))) return null;
        var digits = string.Concat(groups);
        if (digits.Length is 0 or > 14 || !digits.All(char.IsAsciiDigit) || !cents.All(char.IsAsciiDigit)) return null;
        var sum = decimal.Parse($"{digits}.{cents}", CultureInfo.InvariantCulture);
        return negative ? -sum : sum;
    }

    /// <summary>What is proposed, in bold.</summary>
    public static string Title(this IStringLocalizer<BankWords> words, Proposal proposal) => proposal switch
    {
        { Certainty: Certainty.None } => words["none"],
        { Reason: MatchReason.BankCost } => words["cost.account"],
        { Parts.Count: > 1 } => string.Join(
            " + ", proposal.Parts.Select((p, i) => words["part", proposal.Names[i].Split(" · ")[0], Formats.Number(p.Amount)].Value)),
        _ => proposal.Names[0],
    };

    /// <summary>Why, under it.</summary>
    public static string Why(this IStringLocalizer<BankWords> words, Proposal proposal) =>
        words[$"why.{proposal.Reason}", proposal.On is { } day ? Formats.DayMonth(day) : "", proposal.Names.Count > 0 ? proposal.Names[0] : ""];

    public static (Tone Tone, Glyph Icon, string Text) Chip(this IStringLocalizer<BankWords> words, Proposal proposal) => proposal switch
    {
        { Certainty: Certainty.Sure, Parts.Count: > 1 } => (Tone.Ok, Glyph.Merge, words["chip.split", proposal.Parts.Count]),
        { Certainty: Certainty.Sure } => (Tone.Ok, Glyph.CheckCircle, words["chip.sure"]),
        { Certainty: Certainty.Rule } => (Tone.Info, Glyph.Settings, words["chip.rule"]),
        _ => (Tone.Warn, Glyph.Info, words["chip.ask"]),
    };

    /// <summary>Text and reference as the row says them.</summary>
    public static string Said(string text, string reference) => text.Length == 0 ? reference : text;
}
