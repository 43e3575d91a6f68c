using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Payments;

internal sealed class PaymentsTable : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> table)
    {
        table.HasIndex(p => p.PaymentDate).HasDatabaseName("idx_payments_date");
        table.HasIndex(p => new { p.PaymentDate, p.PaymentTime }).HasDatabaseName("idx_payments_date_time");
        table.HasIndex(p => p.StatusId);
        table.HasIndex(p => new { p.StatusId, p.Amount }).HasDatabaseName("idx_payments_status_amount");
        table.HasIndex(p => p.ReceiptNumber).IsUnique().HasDatabaseName("uq_payments_receipt_number");
        table.HasIndex(p => p.VerificationCode).IsUnique().HasDatabaseName("uq_payments_verification_code");
        table.HasIndex(p => p.OnlinePaymentId).IsUnique().HasDatabaseName("uq_payments_online_payment");
        table.HasIndex(p => p.ReferenceNumber).HasDatabaseName("idx_payments_reference_number");
    }
}

internal sealed class PaymentProofsTable : IEntityTypeConfiguration<PaymentProof>
{
    public void Configure(EntityTypeBuilder<PaymentProof> table) => table.HasIndex(p => p.Sha256);
}

internal sealed class ApplicationNotesTable : IEntityTypeConfiguration<ApplicationNote>
{
    public void Configure(EntityTypeBuilder<ApplicationNote> table)
    {
        table.HasIndex(n => n.Number).IsUnique().HasDatabaseName("uq_application_notes_number");
        table.HasIndex(n => n.VerificationCode).IsUnique().HasDatabaseName("uq_application_notes_verification_code");
    }
}

internal sealed class RefundsTable : IEntityTypeConfiguration<Refund>
{
    public void Configure(EntityTypeBuilder<Refund> table)
    {
        table.HasIndex(r => r.Number).IsUnique().HasDatabaseName("uq_refunds_number");
        table.HasIndex(r => r.VerificationCode).IsUnique().HasDatabaseName("uq_refunds_verification_code");
    }
}

internal sealed class DepositReturnsTable : IEntityTypeConfiguration<DepositReturn>
{
    public void Configure(EntityTypeBuilder<DepositReturn> table) =>
        table.HasIndex(r => r.ChargeId).IsUnique().HasDatabaseName("uq_deposit_returns_charge");
}

internal sealed class ReplacedReceiptsTable : IEntityTypeConfiguration<ReplacedReceipt>
{
    public void Configure(EntityTypeBuilder<ReplacedReceipt> table)
    {
        table.HasIndex(r => r.Number).IsUnique().HasDatabaseName("uq_replaced_receipts_number");
        table.HasIndex(r => r.VerificationCode).IsUnique().HasDatabaseName("uq_replaced_receipts_verification_code");
    }
}

internal sealed class IssuedPapersTable : IEntityTypeConfiguration<IssuedPaper>
{
    public void Configure(EntityTypeBuilder<IssuedPaper> table) =>
        table.HasIndex(i => i.Number).IsUnique().HasDatabaseName("uq_issued_papers_number");
}

internal sealed class ChargesTable : IEntityTypeConfiguration<Charge>
{
    public void Configure(EntityTypeBuilder<Charge> table)
    {
        table.HasIndex(c => c.Number).IsUnique().HasDatabaseName("uq_charges_number");
        // Named after the column, which the charge's own words (Concept) cannot be.
        table.HasOne(c => c.Of).WithMany().HasForeignKey(c => c.ConceptId);
        table.HasIndex(c => new { c.Status, c.DueOn }).HasDatabaseName("idx_charges_status_due");
        table.HasIndex(c => new { c.Status, c.ApartmentId, c.DueOn, c.Owed }).HasDatabaseName("idx_charges_open");
        table.HasIndex(c => new { c.Kind, c.Period }).HasDatabaseName("idx_charges_kind_period");
        table.HasIndex(c => c.IssuedOn).HasDatabaseName("idx_charges_issued_on");
    }
}
