using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Portal.Data.Ledger;
using Portal.Data.Payments;

namespace Portal.Data.Bank;

/// <summary>A line to be matched.</summary>
internal sealed record LineFacts(long Id, DateOnly Day, decimal Amount, string Reference, string Text);

/// <summary>A reported payment that waits.</summary>
internal sealed record WaitingFacts(
    long Id, long ApartmentId, string Unit, string Payer, decimal Amount, string? Reference, DateOnly Day);

/// <summary>An entry of the account's books that no line is yet.</summary>
/// <param name="ApartmentId">Of a payment.</param>
/// <param name="BankReference">Of a payment: what its payer gave.</param>
/// <param name="Who">Of a payment: apartment and payer.</param>
internal sealed record EntryFacts(
    long Id, DateOnly Day, JournalAct Act, string Memo, string? Number, decimal Amount, long? ApartmentId, string? BankReference,
    string? Who);

/// <summary>An apartment by its reference, with who answers for it.</summary>
internal sealed record UnitFacts(long Id, string Unit, string? Owner);

/// <summary>A sum that an apartment owes: one charge, what is due, or all of it.</summary>
internal sealed record DebtFacts(long ApartmentId, string Unit, string What, decimal Amount);

/// <param name="BankCosts">The account of what the bank takes.</param>
/// <param name="TakesPayments">The account in which residents' payments lie; of another a deposit is first nobody's.</param>
internal sealed record MatchFacts(
    IReadOnlyList<WaitingFacts> Waiting, IReadOnlyList<EntryFacts> Entries, IReadOnlyDictionary<long, UnitFacts> Units,
    ILookup<decimal, DebtFacts> Debts, int BankCosts, bool TakesPayments);

/// <summary>
/// Proposes what each line is. What one line takes is not proposed to another; what is sure goes first. Nothing here is an act: people
/// confirm.
/// </summary>
internal static partial class BankMatcher
{
    /// <summary>Days between what somebody reports or books and what the bank shows.</summary>
    public const int Window = 3;

    private const int ShortestReference = 4;

    public static Dictionary<long, Proposal> Propose(IReadOnlyList<LineFacts> lines, MatchFacts facts)
    {
        var found = new Dictionary<long, Proposal>();
        var taken = new HashSet<(bool Payment, long Id)>();
        Func<LineFacts, MatchFacts, HashSet<(bool, long)>, Proposal?>[] passes =
            facts.TakesPayments ? [ByCode, ByReference, Together, ByEntry, ByAmount, ByDebt, ByRule] : [ByEntry, ByRule];
        foreach (var pass in passes)
        {
            foreach (var line in lines)
            {
                if (found.ContainsKey(line.Id) || pass(line, facts, taken) is not { } proposal) continue;
                found[line.Id] = proposal;
                foreach (var part in proposal.Parts)
                {
                    if (part.PaymentId is { } payment) taken.Add((true, payment));
                    if (part.EntryId is { } entry) taken.Add((false, entry));
                }
            }
        }

        return found;
    }

    /// <summary>The apartment's own reference: what it reported or what was booked for it, else a payment of it.</summary>
    private static Proposal? ByCode(LineFacts line, MatchFacts facts, HashSet<(bool, long)> taken)
    {
        if (line.Amount <= 0 || line.Amount != decimal.Truncate(line.Amount)) return null;
        if (PaymentReference.FindIn($"{line.Reference} | {line.Text}").Where(facts.Units.ContainsKey).ToList() is not [var apartment])
            return null;
        var unit = facts.Units[apartment];
        if (Free(facts.Waiting, line, taken).FirstOrDefault(w => w.ApartmentId == apartment) is { } reported)
            return Sure(MatchReason.Code, new MatchPart(line.Amount, PaymentId: reported.Id), Who(reported), reported.Day);
        if (Free(facts.Entries, line, taken).FirstOrDefault(e => e.ApartmentId == apartment) is { } booked)
            return Sure(MatchReason.ReceiptSame, new MatchPart(line.Amount, EntryId: booked.Id), Name(booked), booked.Day);
        return Sure(MatchReason.Code, new MatchPart(line.Amount, ApartmentId: apartment), Join(unit.Unit, unit.Owner), null);
    }

    /// <summary>Same amount, same reference, within the window: reported, or confirmed before the bank's file came.</summary>
    private static Proposal? ByReference(LineFacts line, MatchFacts facts, HashSet<(bool, long)> taken)
    {
        if (line.Amount <= 0) return null;
        if (Free(facts.Waiting, line, taken).Where(w => Names(line, w.Reference)).Take(2).ToList() is [var reported])
            return Sure(MatchReason.ReportedSame, new MatchPart(line.Amount, PaymentId: reported.Id), Who(reported), reported.Day);
        return Free(facts.Entries, line, taken).Where(e => Names(line, e.BankReference)).Take(2).ToList() is [var booked]
            ? Sure(MatchReason.ReceiptSame, new MatchPart(line.Amount, EntryId: booked.Id), Name(booked), booked.Day)
            : null;
    }

    /// <summary>Two reported payments that are together the line: sure where both give its reference.</summary>
    private static Proposal? Together(LineFacts line, MatchFacts facts, HashSet<(bool, long)> taken)
    {
        if (line.Amount <= 0) return null;
        var near = facts.Waiting.Where(w => w.Amount < line.Amount && Near(w.Day, line.Day) && !taken.Contains((true, w.Id))).ToList();
        List<(WaitingFacts, WaitingFacts)> pairs = [];
        for (var i = 0; i < near.Count && pairs.Count < 10; i++)
        {
            for (var j = i + 1; j < near.Count; j++)
            {
                if (near[i].Amount + near[j].Amount == line.Amount) pairs.Add((near[i], near[j]));
            }
        }

        var same = pairs.FindAll(p => Names(line, p.Item1.Reference) && Names(line, p.Item2.Reference));
        var sure = same.Count == 1;
        if ((sure ? same : pairs) is not [var (one, two)]) return null;
        // A single payment of the whole sum is the simpler story.
        if (!sure && Free(facts.Waiting, line, taken).Any()) return null;
        return new Proposal(
            sure ? Certainty.Sure : Certainty.Ask, MatchReason.ReportedTogether,
            [new MatchPart(one.Amount, PaymentId: one.Id), new MatchPart(two.Amount, PaymentId: two.Id)],
            [Join(one.Unit, one.Payer), Join(two.Unit, two.Payer)], one.Day);
    }

    /// <summary>What is in the books and gives no receipt: transfers, refunds, expenses, deposits. The nearest day where it is alone.</summary>
    private static Proposal? ByEntry(LineFacts line, MatchFacts facts, HashSet<(bool, long)> taken)
    {
        var near = Free(facts.Entries, line, taken).Where(e => e.Act != JournalAct.Payment)
            .OrderBy(e => Math.Abs(e.Day.DayNumber - line.Day.DayNumber)).ThenBy(e => e.Id).ToList();
        if (near.Count == 0) return null;
        return new Proposal(
            near.Count == 1 || Names(line, near[0].Number) ? Certainty.Sure : Certainty.Ask,
            line.Amount < 0 ? MatchReason.EntryOut : MatchReason.EntryIn, [new MatchPart(line.Amount, EntryId: near[0].Id)],
            [Name(near[0])], near[0].Day);
    }

    /// <summary>The only one of this amount within the window, whose reference says something else.</summary>
    private static Proposal? ByAmount(LineFacts line, MatchFacts facts, HashSet<(bool, long)> taken)
    {
        if (line.Amount <= 0) return null;
        var reported = Free(facts.Waiting, line, taken).Take(2).ToList();
        var booked = Free(facts.Entries, line, taken).Take(2).ToList();
        return (reported, booked) switch
        {
            ([var one], []) => Ask(
                MatchReason.ReportedAmount, new MatchPart(line.Amount, PaymentId: one.Id), Who(one), one.Day),
            ([], [var one]) => Ask(MatchReason.ReceiptAmount, new MatchPart(line.Amount, EntryId: one.Id), Name(one), one.Day),
            _ => null,
        };
    }

    private static Proposal? ByDebt(LineFacts line, MatchFacts facts, HashSet<(bool, long)> taken)
    {
        if (line.Amount <= 0) return null;
        var owing = facts.Debts[line.Amount].DistinctBy(d => d.ApartmentId).Take(2).ToList();
        return owing is [var only]
            ? Ask(MatchReason.OnlyDebt, new MatchPart(line.Amount, ApartmentId: only.ApartmentId), Join(only.Unit, only.What), null)
            : null;
    }

    private static Proposal? ByRule(LineFacts line, MatchFacts facts, HashSet<(bool, long)> taken) =>
        line.Amount < 0 && Cost().IsMatch(Spelling.Unaccented(line.Text).ToUpperInvariant())
            ? new Proposal(
                Certainty.Rule, MatchReason.BankCost, [new MatchPart(line.Amount, AccountId: facts.BankCosts)], [line.Text])
            : null;

    private static IEnumerable<WaitingFacts> Free(IEnumerable<WaitingFacts> all, LineFacts line, HashSet<(bool, long)> taken) =>
        all.Where(w => w.Amount == line.Amount && Near(w.Day, line.Day) && !taken.Contains((true, w.Id)));

    private static IEnumerable<EntryFacts> Free(IEnumerable<EntryFacts> all, LineFacts line, HashSet<(bool, long)> taken) =>
        all.Where(e => e.Amount == line.Amount && Near(e.Day, line.Day) && !taken.Contains((false, e.Id)));

    private static bool Near(DateOnly one, DateOnly other) => Math.Abs(one.DayNumber - other.DayNumber) <= Window;

    /// <summary>Letters and digits alone: banks write the same reference with and without spaces, dashes and zeros before it.</summary>
    private static bool Names(LineFacts line, string? reference)
    {
        var sought = Key(reference).TrimStart('0');
        if (sought.Length < ShortestReference) return false;
        return Key(line.Reference).TrimStart('0') == sought || Key(line.Text).Contains(sought, StringComparison.Ordinal)
            || Key(line.Reference).Contains(sought, StringComparison.Ordinal);
    }

    private static string Key(string? text) => string.Concat((text ?? "").Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static string Join(string first, string? second) => string.IsNullOrEmpty(second) ? first : $"{first} · {second}";

    private static string Who(WaitingFacts payment) => Join(payment.Unit, payment.Payer);

    private static string Name(EntryFacts entry) => entry.Who is { } who ? Join(who, entry.Memo.Split(' ')[0]) : Join(entry.Number ?? "", entry.Memo).TrimStart(' ', '·');

    private static Proposal Sure(MatchReason reason, MatchPart part, string name, DateOnly? on) =>
        new(Certainty.Sure, reason, [part], [name], on);

    private static Proposal Ask(MatchReason reason, MatchPart part, string name, DateOnly? on) =>
        new(Certainty.Ask, reason, [part], [name], on);

    [GeneratedRegex(@"COMISION|4\s*X\s*(1000|1\.000|MIL)|\bGMF\b|GRAVAMEN|CUOTA (DE )?MANEJO|\bIVA\b", RegexOptions.CultureInvariant)]
    private static partial Regex Cost();
}
