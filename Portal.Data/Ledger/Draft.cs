namespace Portal.Data.Ledger;

/// <summary>An entry of the journal before it is written: what moves on one account of one apartment is one line.</summary>
/// <param name="source">Asked when the database has given new rows their ids.</param>
/// <param name="day">The day it counts for, as far as it is open.</param>
internal sealed class Draft(JournalAct act, Func<long> source, DateOnly day, string memo)
{
    private readonly Dictionary<(int Account, long? Apartment), decimal> _moves = [];

    /// <summary>The act of the same source that it reverses.</summary>
    public JournalAct? Reverses { get; init; }

    /// <summary>The entry that it reverses, where that is known by its id.</summary>
    public long? ReversesId { get; init; }

    /// <summary>Its number, where somebody posts it by hand.</summary>
    public string? Reference { get; init; }

    /// <summary>Debits first, each above zero; credits below.</summary>
    public IReadOnlyList<((int Account, long? Apartment) To, decimal Debit)> Lines =>
    [
        .. _moves.Where(m => m.Value != 0).OrderBy(m => m.Value < 0).ThenBy(m => m.Key.Account).ThenBy(m => m.Key.Apartment)
            .Select(m => (m.Key, m.Value)),
    ];

    /// <param name="debit">Below zero: a credit.</param>
    public void Move(int account, long? apartment, decimal debit) =>
        _moves[(account, apartment)] = _moves.GetValueOrDefault((account, apartment)) + debit;

    /// <exception cref="InvalidOperationException">Debit and credit differ: the act is at fault, and nothing of it is saved.</exception>
    public void Write(SqlBatch batch, PortalDb db, Chart chart)
    {
        var lines = Lines;
        if (lines.Sum(l => l.Debit) is not 0 and var off)
            throw new InvalidOperationException($"The entry of {act} {source()} is out of balance by {off}.");
        var (posted, id) = (chart.Open(day, db.Building.Today), source());
        var (name, reversed) = (Name(act), Reverses is { } other ? Name(other) : null);
        batch.Then($"""
            INSERT INTO journal_entries (posted_on, act, source_id, seq, memo, reference, reverses_id, created_by)
            SELECT {posted}, {name}, {id}, COALESCE(MAX(e.seq), 0) + 1, {memo}, {Reference},
                COALESCE({ReversesId}, (SELECT MAX(r.id) FROM journal_entries AS r WHERE r.act = {reversed} AND r.source_id = {id})),
                {db.Actor.AccountId}
            FROM journal_entries AS e WHERE e.act = {name} AND e.source_id = {id}
            """);
        batch.Then($"SET @`entry` = LAST_INSERT_ID()");
        if (Reverses is not null || ReversesId is not null)
        {
            // A line of the bank that was the entry is none of the books any more: what it is must be said anew.
            batch.Then($"""
                UPDATE bank_matches SET live = NULL, undone_by = {db.Actor.AccountId}, undone_at = {db.Clock.GetUtcNow().UtcDateTime}
                WHERE live = 1 AND entry_id = (SELECT e.reverses_id FROM journal_entries AS e WHERE e.id = @`entry`)
                """);
        }

        var number = 0;
        foreach (var chunk in lines.Chunk(200))
        {
            batch.ThenInsert(
                "INSERT INTO journal_lines (line, account_id, apartment_id, posted_on, debit, credit, entry_id) VALUES ",
                chunk.Select(l => new object?[]
                {
                    ++number, l.To.Account, l.To.Apartment, posted, Math.Max(l.Debit, 0), Math.Max(-l.Debit, 0),
                }),
                tail: "@`entry`");
        }
    }

    private static string Name(JournalAct act) => Schema.PortalModel.Snake(act.ToString());
}
