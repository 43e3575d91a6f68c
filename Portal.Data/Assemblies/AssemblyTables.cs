using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Assemblies;

internal sealed class AssembliesTable : IEntityTypeConfiguration<Assembly>
{
    public void Configure(EntityTypeBuilder<Assembly> table)
    {
        table.HasIndex(a => a.Number).IsUnique().HasDatabaseName("uq_assemblies_number");
        table.HasIndex(a => a.FirstCallId).IsUnique().HasDatabaseName("uq_assemblies_first_call");
        table.HasIndex(a => a.ActNumber).IsUnique().HasDatabaseName("uq_assemblies_act");
        table.HasIndex(a => a.VerificationCode).IsUnique().HasDatabaseName("uq_assemblies_verification");
        table.HasIndex(a => a.ProjectorToken).IsUnique().HasDatabaseName("uq_assemblies_projector");
        table.HasIndex(a => new { a.State, a.MeetsAt }).HasDatabaseName("idx_assemblies_state");
        table.HasOne(a => a.FirstCall).WithMany().HasForeignKey(a => a.FirstCallId);
    }
}

internal sealed class AssemblyItemsTable : IEntityTypeConfiguration<AssemblyItem>
{
    public void Configure(EntityTypeBuilder<AssemblyItem> table) =>
        table.HasIndex(i => new { i.AssemblyId, i.Position }).IsUnique().HasDatabaseName("uq_assembly_items_position");
}

internal sealed class AssemblyInvitationsTable : IEntityTypeConfiguration<AssemblyInvitation>
{
    public void Configure(EntityTypeBuilder<AssemblyInvitation> table)
    {
        table.HasIndex(i => new { i.AssemblyId, i.UserId }).IsUnique().HasDatabaseName("uq_assembly_invitations");
        table.HasIndex(i => i.Code).IsUnique().HasDatabaseName("uq_assembly_invitations_code");
    }
}

internal sealed class AssemblyDebtorsTable : IEntityTypeConfiguration<AssemblyDebtor>
{
    public void Configure(EntityTypeBuilder<AssemblyDebtor> table) =>
        table.HasIndex(d => new { d.AssemblyId, d.ApartmentId }).IsUnique().HasDatabaseName("uq_assembly_debtors");
}

internal sealed class AssemblyUnitsTable : IEntityTypeConfiguration<AssemblyUnit>
{
    public void Configure(EntityTypeBuilder<AssemblyUnit> table) =>
        table.HasIndex(u => new { u.AssemblyId, u.ApartmentId }).IsUnique().HasDatabaseName("uq_assembly_units");
}

internal sealed class AssemblyProxiesTable : IEntityTypeConfiguration<AssemblyProxy>
{
    public void Configure(EntityTypeBuilder<AssemblyProxy> table)
    {
        table.HasIndex(p => new { p.AssemblyId, p.ApartmentId, p.Live }).IsUnique().HasDatabaseName("uq_assembly_proxies_live");
        table.HasIndex(p => p.Code).IsUnique().HasDatabaseName("uq_assembly_proxies_code");
    }
}

internal sealed class AssemblyAttendanceTable : IEntityTypeConfiguration<AssemblyAttendance>
{
    public void Configure(EntityTypeBuilder<AssemblyAttendance> table) =>
        table.HasIndex(a => new { a.AssemblyId, a.ApartmentId }).HasDatabaseName("idx_assembly_attendance_assembly");
}

internal sealed class AssemblyVotesTable : IEntityTypeConfiguration<AssemblyVote>
{
    public void Configure(EntityTypeBuilder<AssemblyVote> table)
    {
        table.HasIndex(v => new { v.ItemId, v.Standing }).IsUnique().HasDatabaseName("uq_assembly_votes_standing");
        table.HasIndex(v => new { v.AssemblyId, v.Running }).IsUnique().HasDatabaseName("uq_assembly_votes_running");
    }
}

internal sealed class AssemblyReceiptsTable : IEntityTypeConfiguration<AssemblyReceipt>
{
    public void Configure(EntityTypeBuilder<AssemblyReceipt> table)
    {
        table.HasIndex(r => r.Submission).IsUnique().HasDatabaseName("uq_assembly_receipts_submission");
        table.HasIndex(r => r.Code).IsUnique().HasDatabaseName("uq_assembly_receipts_code");
    }
}

internal sealed class AssemblyBallotsTable : IEntityTypeConfiguration<AssemblyBallot>
{
    public void Configure(EntityTypeBuilder<AssemblyBallot> table) =>
        table.HasIndex(b => new { b.VoteId, b.ApartmentId }).IsUnique().HasDatabaseName("uq_assembly_ballots_unit");
}
