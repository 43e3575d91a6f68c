using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Collection;

internal sealed class CertificatesTable : IEntityTypeConfiguration<Certificate>
{
    public void Configure(EntityTypeBuilder<Certificate> table)
    {
        table.HasIndex(c => c.Number).IsUnique().HasDatabaseName("uq_certificates_number");
        table.HasIndex(c => c.VerificationCode).IsUnique().HasDatabaseName("uq_certificates_verification_code");
    }
}

internal sealed class CollectionFilesTable : IEntityTypeConfiguration<CollectionFile>
{
    public void Configure(EntityTypeBuilder<CollectionFile> table)
    {
        table.HasIndex(f => f.ApartmentId).IsUnique().HasDatabaseName("uq_collection_files_apartment");
        table.HasIndex(f => f.Stage).HasDatabaseName("idx_collection_files_stage");
    }
}

internal sealed class CollectionActsTable : IEntityTypeConfiguration<CollectionAct>
{
    public void Configure(EntityTypeBuilder<CollectionAct> table) =>
        table.HasIndex(a => new { a.ApartmentId, a.SpellOn, a.Stage }).IsUnique().HasDatabaseName("uq_collection_acts_stage");
}

internal sealed class AgreementsTable : IEntityTypeConfiguration<Agreement>
{
    public void Configure(EntityTypeBuilder<Agreement> table)
    {
        table.HasIndex(a => a.Number).IsUnique().HasDatabaseName("uq_agreements_number");
        table.HasIndex(a => a.VerificationCode).IsUnique().HasDatabaseName("uq_agreements_verification_code");
        table.HasIndex(a => new { a.ApartmentId, a.Live }).IsUnique().HasDatabaseName("uq_agreements_live");
    }
}

internal sealed class AgreementChargesTable : IEntityTypeConfiguration<AgreementCharge>
{
    public void Configure(EntityTypeBuilder<AgreementCharge> table) =>
        table.HasIndex(c => new { c.ChargeId, c.Live }).IsUnique().HasDatabaseName("uq_agreement_charges_live");
}

internal sealed class AgreementInstalmentsTable : IEntityTypeConfiguration<AgreementInstalment>
{
    public void Configure(EntityTypeBuilder<AgreementInstalment> table) =>
        table.HasIndex(i => new { i.AgreementId, i.Line }).IsUnique().HasDatabaseName("uq_agreement_instalments_line");
}
