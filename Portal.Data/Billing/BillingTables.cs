using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Billing;

internal sealed class ConceptsTable : IEntityTypeConfiguration<Concept>
{
    public void Configure(EntityTypeBuilder<Concept> table)
    {
        table.HasIndex(c => c.Name).IsUnique().HasDatabaseName("uq_concepts_name");
        table.HasIndex(c => c.ReceivableAccountId);
        table.HasIndex(c => c.IncomeAccountId);
    }
}

internal sealed class ConceptApartmentsTable : IEntityTypeConfiguration<ConceptApartment>
{
    public void Configure(EntityTypeBuilder<ConceptApartment> table) =>
        table.HasIndex(c => new { c.ConceptId, c.ApartmentId }).IsUnique().HasDatabaseName("uq_concept_apartments_concept_apartment");
}

internal sealed class BillingRunsTable : IEntityTypeConfiguration<BillingRun>
{
    public void Configure(EntityTypeBuilder<BillingRun> table) =>
        table.HasIndex(r => new { r.Period, r.ConceptId, r.Live }).IsUnique().HasDatabaseName("uq_billing_runs_period");
}

internal sealed class ChargeAdjustmentsTable : IEntityTypeConfiguration<ChargeAdjustment>
{
    public void Configure(EntityTypeBuilder<ChargeAdjustment> table)
    {
        table.HasOne(a => a.Reverses).WithOne().HasForeignKey<ChargeAdjustment>(a => a.ReversesId);
        table.HasIndex(a => a.ReversesId).IsUnique().HasDatabaseName("uq_charge_adjustments_reverses");
    }
}

internal sealed class MonthlyRatesTable : IEntityTypeConfiguration<MonthlyRate>
{
    public void Configure(EntityTypeBuilder<MonthlyRate> table) =>
        table.HasIndex(r => r.Month).IsUnique().HasDatabaseName("uq_interest_rates_month");
}

internal sealed class CountedInterestTable : IEntityTypeConfiguration<CountedInterest>
{
    public void Configure(EntityTypeBuilder<CountedInterest> table) =>
        table.HasIndex(s => new { s.BaseChargeId, s.FromOn, s.Live }).IsUnique().HasDatabaseName("uq_interest_segments_day");
}
