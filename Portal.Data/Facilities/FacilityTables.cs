using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Facilities;

internal sealed class ReservationsTable : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> table)
    {
        table.HasIndex(r => r.FacilityId).HasDatabaseName("idx_reservations_facility");
        table.HasIndex(r => new { r.StartDate, r.EndDate }).HasDatabaseName("idx_reservations_date");
        table.HasIndex(r => new { r.StartDate, r.StatusId, r.FacilityId, r.EndDate, r.People }).HasDatabaseName("idx_reservations_use");
        table.HasIndex(r => new { r.FacilityId, r.StartDate, r.EndDate }).HasDatabaseName("idx_reservations_facility_date");
        table.HasIndex(r => r.Number).IsUnique().HasDatabaseName("uq_reservations_number");
        table.HasIndex(r => r.VerificationCode).IsUnique().HasDatabaseName("uq_reservations_verification_code");
        table.HasIndex(r => r.ApartmentId).HasDatabaseName("idx_reservations_apartment");
        table.HasIndex(r => new { r.ApartmentId, r.StartDate }).HasDatabaseName("idx_reservations_apartment_start");
        table.HasIndex(r => r.OwnerId).HasDatabaseName("idx_reservations_owner");
        table.HasIndex(r => new { r.OwnerId, r.StartDate }).HasDatabaseName("idx_reservations_owner_start");
        table.HasIndex(r => r.StatusId).HasDatabaseName("idx_reservations_status");
        table.HasIndex(r => new { r.StatusId, r.EndDate }).HasDatabaseName("idx_reservations_status_end");
    }
}

internal sealed class ReservationWaitsTable : IEntityTypeConfiguration<ReservationWait>
{
    public void Configure(EntityTypeBuilder<ReservationWait> table)
    {
        table.HasIndex(w => w.FacilityId).HasDatabaseName("idx_reservation_waits_facility");
        table.HasIndex(w => new { w.FacilityId, w.State, w.StartDate }).HasDatabaseName("idx_reservation_waits_facility_state");
    }
}

internal sealed class FacilityQuotasTable : IEntityTypeConfiguration<FacilityQuota>
{
    public void Configure(EntityTypeBuilder<FacilityQuota> table)
    {
        table.HasIndex(q => new { q.FacilityId, q.Subject, q.Period }).IsUnique().HasDatabaseName("uq_facility_quotas");
    }
}

internal sealed class FacilityPhotosTable : IEntityTypeConfiguration<FacilityPhoto>
{
    public void Configure(EntityTypeBuilder<FacilityPhoto> table) =>
        table.HasIndex(p => p.FacilityId).IsUnique().HasDatabaseName("uq_facility_photos_facility");
}

internal sealed class CalendarFeedsTable : IEntityTypeConfiguration<CalendarFeed>
{
    public void Configure(EntityTypeBuilder<CalendarFeed> table)
    {
        table.HasIndex(f => f.UserId).IsUnique().HasDatabaseName("uq_calendar_feeds_user");
        table.HasIndex(f => f.SecretHash).IsUnique().HasDatabaseName("uq_calendar_feeds_secret_hash");
    }
}

internal sealed class FacilityHoursTable : IEntityTypeConfiguration<FacilityHours>
{
    public void Configure(EntityTypeBuilder<FacilityHours> table)
    {
        table.HasIndex(h => new { h.FacilityId, h.Weekday, h.OpensAt }).IsUnique().HasDatabaseName("uq_facility_hours");
    }
}
