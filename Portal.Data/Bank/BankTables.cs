using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Bank;

internal sealed class BankProfilesTable : IEntityTypeConfiguration<BankProfile>
{
    public void Configure(EntityTypeBuilder<BankProfile> table) =>
        table.HasOne(p => p.Account).WithOne().HasForeignKey<BankProfile>(p => p.AccountId);
}

internal sealed class BankLinesTable : IEntityTypeConfiguration<BankLine>
{
    public void Configure(EntityTypeBuilder<BankLine> table) =>
        table.HasIndex(l => new { l.AccountId, l.Day, l.Amount, l.Reference, l.Text, l.Ordinal }).IsUnique()
            .HasDatabaseName("uq_bank_lines_line");
}

internal sealed class BankMatchesTable : IEntityTypeConfiguration<BankMatch>
{
    public void Configure(EntityTypeBuilder<BankMatch> table)
    {
        table.HasIndex(m => new { m.EntryId, m.AccountId, m.Live }).IsUnique().HasDatabaseName("uq_bank_matches_entry");
        table.HasIndex(m => new { m.LineId, m.Live }).HasDatabaseName("idx_bank_matches_line");
    }
}

internal sealed class UnidentifiedDepositsTable : IEntityTypeConfiguration<UnidentifiedDeposit>
{
    public void Configure(EntityTypeBuilder<UnidentifiedDeposit> table) =>
        table.HasIndex(d => new { d.LineId, d.Live }).IsUnique().HasDatabaseName("uq_unidentified_deposits_line");
}

internal sealed class BankReconciliationsTable : IEntityTypeConfiguration<BankReconciliation>
{
    public void Configure(EntityTypeBuilder<BankReconciliation> table) =>
        table.HasIndex(r => new { r.AccountId, r.Month, r.Live }).IsUnique().HasDatabaseName("uq_bank_reconciliations_month");
}
