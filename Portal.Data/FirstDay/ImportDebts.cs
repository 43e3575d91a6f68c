using System.Globalization;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Data.FirstDay;

/// <summary>What units owed before: by day, by age, by reference or in one sum, never by two of them.</summary>
/// <param name="asOf">The last day that the rows speak of.</param>
/// <param name="dayFormat">How they write a day.</param>
internal sealed class ImportDebts(ImportKnown known, ImportPlan plan, DateOnly asOf, string dayFormat)
{
    /// <summary>The ages in which people keep what is late: from so many days on. Each is taken for the youngest day in it, so that nobody
    /// is later than somebody wrote down.</summary>
    private static readonly (ImportField Field, string Slot, int From, int? To)[] Ages =
    [
        (ImportField.NotDue, "A0", 0, null), (ImportField.Days30, "A1", 1, 30), (ImportField.Days60, "A31", 31, 60),
        (ImportField.Days90, "A61", 61, 90), (ImportField.Older, "A91", 91, null),
    ];

    private const int LongestReference = 12;

    private static readonly CultureInfo Books = CultureInfo.GetCultureInfo("es");

    private readonly Dictionary<(PlannedUnit, int, string), int> _slots = [];
    private readonly Dictionary<(PlannedUnit, int), char> _ways = [];

    /// <summary>How many stand in the portal already.</summary>
    public int Same { get; private set; }

    /// <summary>What the unit of a row owes.</summary>
    public void Read(PlannedUnit unit, int line, Func<ImportField, string> cell, Faults fault)
    {
        var wrong = false;
        decimal Amount(ImportField field)
        {
            var text = cell(field);
            if (text.Length == 0) return 0;
            if (ImportCells.Pesos(text) is not { } amount || amount > PaymentRules.LargestAmount) fault(field, ImportFault.Amount, text);
            else if (amount < 0) fault(field, ImportFault.Credit, text);
            else return amount;
            wrong = true;
            return 0;
        }

        var ages = Ages.Select(a => (Age: a, Amount: Amount(a.Field))).Where(a => a.Amount > 0).ToList();
        var (interest, total) = (Amount(ImportField.Interest), Amount(ImportField.Balance));
        if (wrong || (ages.Count == 0 && interest == 0 && total == 0)) return;
        if (Concept(cell(ImportField.Concept)) is not { } concept)
        {
            fault(ImportField.Concept, ImportFault.Concept, cell(ImportField.Concept));
            return;
        }

        if (ages.Count > 0)
        {
            var sum = ages.Sum(a => a.Amount);
            if (total > 0 && total != sum && total != sum + interest)
            {
                fault(ImportField.Balance, ImportFault.Sum, cell(ImportField.Balance));
                return;
            }

            foreach (var (age, amount) in ages)
            {
                var words = age.From == 0 ? "sin vencer" : age.To is { } to ? $"de {age.From} a {to} días"
                    : $"de más de {age.From - 1} días";
                var due = age.From == 0 ? NextDue(concept) : asOf.AddDays(-age.From);
                Debt(unit, concept, age.Slot, amount, due, words, line, age.Field, fault);
            }
        }
        else if (total > 0)
        {
            var (reference, typed) = (Spelling.Key(cell(ImportField.Reference)), cell(ImportField.DueOn));
            var due = typed.Length == 0 ? asOf : SheetFile.Day(typed, dayFormat);
            if (due is not { } day || day > asOf.AddYears(1)) fault(ImportField.DueOn, ImportFault.DueOn, typed);
            else if (reference.Length > LongestReference) fault(ImportField.Reference, ImportFault.Reference, cell(ImportField.Reference));
            else
            {
                var slot = reference.Length > 0 ? $"R{reference}" : typed.Length > 0 ? $"{day:yyyyMMdd}" : "T";
                // Beside a column of interest it is what bears it.
                var words = typed.Length > 0 ? $"vence el {day.ToString("d 'de' MMMM 'de' yyyy", Books)}" : "total";
                Debt(unit, concept, slot, total, day, words, line,
                    ImportField.Balance, fault);
            }
        }

        if (interest > 0 && known.Concepts.FirstOrDefault(c => c.Kind == ChargeKind.Interest) is { } ofInterest)
        {
            var slot = SheetFile.Day(cell(ImportField.DueOn), dayFormat) is { } day ? $"{day:yyyyMMdd}" : "T";
            Debt(unit, ofInterest, slot, interest, asOf, "causados hasta entonces", line, ImportField.Interest, fault);
        }
    }

    private void Debt(
        PlannedUnit unit, Concept concept, string slot, decimal amount, DateOnly due, string words, int line, ImportField field,
        Faults fault)
    {
        if (_slots.TryGetValue((unit, concept.Id, slot), out var twice))
        {
            fault(field, ImportFault.Twice, "", twice);
            return;
        }

        var way = ImportKnown.Way(slot);
        var before = _ways.TryGetValue((unit, concept.Id), out var here) ? here
            : unit.Known is { } there && known.Ways.TryGetValue((there.Id, concept.Id), out var stands) ? stands : way;
        if (before != way)
        {
            fault(field, ImportFault.Mixed, "");
            return;
        }

        _slots[(unit, concept.Id, slot)] = line;
        _ways[(unit, concept.Id)] = way;
        if (unit.Known is { } standing && known.Debts.TryGetValue(PlannedDebt.Number(slot, concept.Id, standing.Id), out var was))
        {
            if (was == amount) Same++;
            else fault(field, ImportFault.OtherAmount, was.ToString("N0", CultureInfo.CurrentCulture));
            return;
        }

        plan.Debts.Add(new PlannedDebt(
            unit, concept, slot, amount, due, $"Saldo al {asOf.ToString("d 'de' MMMM 'de' yyyy", Books)}, {words}", line));
    }

    private Concept? Concept(string name)
    {
        var usable = known.Concepts.Where(c => c.Kind is not (ChargeKind.Deposit or ChargeKind.Booking)).ToList();
        if (name.Length == 0) return usable.Find(c => c.Kind == ChargeKind.Fee);
        var key = Spelling.WordKey(name);
        return usable.Find(c => Spelling.WordKey(c.Name) == key)
            ?? usable.Find(c => key.StartsWith(Spelling.WordKey(c.Name), StringComparison.Ordinal)
                || (key.Length >= 4 && Spelling.WordKey(c.Name).StartsWith(key, StringComparison.Ordinal)))
            ?? key switch
            {
                _ when key.StartsWith("ADMIN", StringComparison.Ordinal) || key.StartsWith("CUOTA", StringComparison.Ordinal)
                    => usable.Find(c => c.Kind == (key.Contains("EXTRA", StringComparison.Ordinal) ? ChargeKind.ExtraFee : ChargeKind.Fee)),
                _ when key.StartsWith("INTERES", StringComparison.Ordinal) => usable.Find(c => c.Kind == ChargeKind.Interest),
                _ => null,
            };
    }

    private DateOnly NextDue(Concept concept)
    {
        var month = BuildingClock.MonthOf(asOf);
        var due = BillingQueries.Day(month, concept.DueDay);
        return due > asOf ? due : BillingQueries.Day(month.AddMonths(1), concept.DueDay);
    }
}
