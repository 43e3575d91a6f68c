using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Ledger;

internal sealed class LedgerAccountsTable : IEntityTypeConfiguration<LedgerAccount>
{
    public void Configure(EntityTypeBuilder<LedgerAccount> table)
    {
        table.HasIndex(a => a.Code).IsUnique().HasDatabaseName("uq_ledger_accounts_code");
        table.HasIndex(a => a.Purpose).IsUnique().HasDatabaseName("uq_ledger_accounts_purpose");
    }
}

internal sealed class JournalEntriesTable : IEntityTypeConfiguration<JournalEntry>
{
    public void Configure(EntityTypeBuilder<JournalEntry> table)
    {
        table.HasIndex(e => new { e.Act, e.SourceId, e.Seq }).IsUnique().HasDatabaseName("uq_journal_entries_source");
        table.HasOne(e => e.Reverses).WithOne().HasForeignKey<JournalEntry>(e => e.ReversesId);
        table.HasIndex(e => e.ReversesId).IsUnique().HasDatabaseName("uq_journal_entries_reverses");
        table.HasIndex(e => e.Reference).IsUnique().HasDatabaseName("uq_journal_entries_reference");
        table.HasIndex(e => e.PostedOn).HasDatabaseName("idx_journal_entries_posted_on");
    }
}

internal sealed class JournalLinesTable : IEntityTypeConfiguration<JournalLine>
{
    public void Configure(EntityTypeBuilder<JournalLine> table)
    {
        table.HasKey(l => new { l.EntryId, l.Line });
        table.HasIndex(l => new { l.AccountId, l.PostedOn, l.Debit, l.Credit }).HasDatabaseName("idx_journal_lines_account");
        table.HasIndex(l => new { l.ApartmentId, l.AccountId, l.Debit, l.Credit }).HasDatabaseName("idx_journal_lines_apartment");
    }
}

internal sealed class LedgerMonthsTable : IEntityTypeConfiguration<LedgerMonth>
{
    public void Configure(EntityTypeBuilder<LedgerMonth> table) => table.HasKey(m => new { m.AccountId, m.Month });
}
