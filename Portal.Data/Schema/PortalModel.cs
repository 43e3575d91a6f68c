using System.Reflection;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.Parking;
using Portal.Data.Payments;
using Portal.Data.People;
using Portal.Data.Pets;
using Portal.Data.Pqrs;
using Portal.Data.Surveys;

namespace Portal.Data.Schema;

/// <summary>
/// How the classes lie on the tables. The entities say most of it themselves; here stand the house's naming conventions
/// (columns in snake case, <c>idx_table_column</c>, <c>fk_table_column</c>), and the keys and indexes that go over several columns.
/// </summary>
internal static class PortalModel
{
    public static void Build(ModelBuilder model)
    {
        AddEntities(model);
        Identity(model);
        Indexes(model);
        foreach (var entity in model.Model.GetEntityTypes()) ApplyConventions(entity);
    }

    /// <summary><c>MultipleChoice</c> is <c>multiple_choice</c>.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1])) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private static void AddEntities(ModelBuilder model)
    {
        foreach (
            var set in typeof(PortalDb)
                .GetProperties()
                .Where(p => p.PropertyType.IsGenericType && p.PropertyType.GetGenericTypeDefinition() == typeof(DbSet<>))
        )
        {
            model.Entity(set.PropertyType.GetGenericArguments()[0]);
        }
    }

    private static void Identity(ModelBuilder model)
    {
        model.Entity<User>(user =>
        {
            user.Ignore(u => u.Email).Ignore(u => u.NormalizedEmail).Ignore(u => u.EmailConfirmed)
                .Ignore(u => u.PhoneNumber).Ignore(u => u.PhoneNumberConfirmed)
                .Ignore(u => u.TwoFactorEnabled).Ignore(u => u.LockoutEnabled);
            user.Property(u => u.UserName).HasColumnName("username").HasMaxLength(50).IsRequired();
            user.Property(u => u.NormalizedUserName).HasColumnName("normalized_username").HasMaxLength(50);
            user.Property(u => u.PasswordHash).HasColumnName("password").HasMaxLength(255).IsRequired();
            user.Property(u => u.SecurityStamp).HasMaxLength(64);
            user.Property(u => u.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();
            user.Property(u => u.LockoutEnd).HasColumnType("timestamp").HasConversion(
                instant => instant == null ? (DateTime?)null : instant.Value.UtcDateTime,
                utc => utc == null ? null : new DateTimeOffset(DateTime.SpecifyKind(utc.Value, DateTimeKind.Utc)));
            user.HasIndex(u => u.UserName).HasDatabaseName("username").IsUnique();
            user.HasIndex([nameof(User.UserName)], "idx_users_username");
            user.HasIndex(u => u.NormalizedUserName).IsUnique().HasDatabaseName("uq_users_normalized_username");
        });
        model.Entity<Role>(role =>
        {
            role.Property(r => r.Name).HasMaxLength(50).IsRequired();
            role.Property(r => r.NormalizedName).HasMaxLength(50);
            role.Property(r => r.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();
        });
    }

    private static void Indexes(ModelBuilder model)
    {
        model.Entity<UserSession>().HasIndex(s => s.TokenHash).IsUnique().HasDatabaseName("uq_sessions_token_hash");
        model.Entity<UserSession>().HasIndex(s => s.SeenAt).HasDatabaseName("idx_sessions_seen");
        model.Entity<SignInFailure>().HasIndex(f => new { f.Subject, f.Source }).IsUnique()
            .HasDatabaseName("uq_sign_in_failures_subject_source");
        model.Entity<SignInFailure>().HasIndex(f => f.LastAt).HasDatabaseName("idx_sign_in_failures_last");
        model.Entity<Profile>().HasIndex(p => p.UserId).IsUnique().HasDatabaseName("uq_profile_user");
        model.Entity<Profile>().HasIndex(p => p.Email).IsUnique().HasDatabaseName("email");
        model.Entity<RolePermission>().HasIndex(p => new { p.RoleId, p.PermissionId }).IsUnique().HasDatabaseName("unique_role_permission");
        model.Entity<Permission>().HasIndex(p => p.Name).IsUnique().HasDatabaseName("uq_permissions_name");
        model
            .Entity<Apartment>()
            .HasIndex(a => new { a.ApartmentNumber, a.TowerId })
            .IsUnique()
            .HasDatabaseName("chk_unique_apartment_tower");
        model.Entity<ParkingSpace>().HasIndex(p => p.SpaceNumber).IsUnique().HasDatabaseName("uq_parking_space_number");
        model.Entity<ParkingSpace>().HasIndex(p => p.LicensePlateKey);
        model.Entity<Apartment>().HasIndex(a => new { a.NumberKey, a.TowerId }).HasDatabaseName("idx_apartments_number_key");
        model.Entity<Profile>().HasIndex(p => p.DocumentNumberKey);
        model.Entity<Profile>().HasIndex(p => new { p.FirstName, p.LastName }).HasDatabaseName("ft_profile_name");

        model.Entity<Payment>(payment =>
        {
            payment.HasIndex(p => p.PaymentDate).HasDatabaseName("idx_payments_date");
            payment.HasIndex(p => new { p.PaymentDate, p.PaymentTime }).HasDatabaseName("idx_payments_date_time");
            payment.HasIndex(p => p.StatusId);
            payment.HasIndex(p => new { p.StatusId, p.Amount }).HasDatabaseName("idx_payments_status_amount");
            payment.HasIndex(p => p.ReceiptNumber).IsUnique().HasDatabaseName("uq_payments_receipt_number");
            payment.HasIndex(p => p.VerificationCode).IsUnique().HasDatabaseName("uq_payments_verification_code");
            payment.HasIndex(p => p.ReferenceNumber).HasDatabaseName("idx_payments_reference_number");
        });
        model.Entity<ApplicationNote>(note =>
        {
            note.HasIndex(n => n.Number).IsUnique().HasDatabaseName("uq_application_notes_number");
            note.HasIndex(n => n.VerificationCode).IsUnique().HasDatabaseName("uq_application_notes_verification_code");
        });
        model.Entity<IssuedPaper>().HasIndex(i => i.Number).IsUnique().HasDatabaseName("uq_issued_papers_number");
        model.Entity<Charge>(charge =>
        {
            charge.HasIndex(c => c.Number).IsUnique().HasDatabaseName("uq_charges_number");
            charge.HasIndex(c => new { c.Status, c.DueOn }).HasDatabaseName("idx_charges_status_due");
            charge.HasIndex(c => new { c.Kind, c.Period }).HasDatabaseName("idx_charges_kind_period");
            charge.HasIndex(c => c.IssuedOn).HasDatabaseName("idx_charges_issued_on");
        });

        model.Entity<Reservation>(reservation =>
        {
            reservation.HasIndex(r => r.FacilityId).HasDatabaseName("idx_reservations_facility");
            reservation.HasIndex(r => new { r.StartDate, r.EndDate }).HasDatabaseName("idx_reservations_date");
            reservation.HasIndex(r => new { r.FacilityId, r.StartDate, r.EndDate }).HasDatabaseName("idx_reservations_facility_date");
            reservation.HasIndex(r => r.Number).IsUnique().HasDatabaseName("uq_reservations_number");
            reservation.HasIndex(r => r.VerificationCode).IsUnique().HasDatabaseName("uq_reservations_verification_code");
            reservation.HasIndex(r => r.ApartmentId).HasDatabaseName("idx_reservations_apartment");
            reservation.HasIndex(r => new { r.ApartmentId, r.StartDate }).HasDatabaseName("idx_reservations_apartment_start");
            reservation.HasIndex(r => r.OwnerId).HasDatabaseName("idx_reservations_owner");
            reservation.HasIndex(r => new { r.OwnerId, r.StartDate }).HasDatabaseName("idx_reservations_owner_start");
            reservation.HasIndex(r => r.StatusId).HasDatabaseName("idx_reservations_status");
            reservation.HasIndex(r => new { r.StatusId, r.EndDate }).HasDatabaseName("idx_reservations_status_end");
        });
        model.Entity<ReservationWait>(wait =>
        {
            wait.HasIndex(w => w.FacilityId).HasDatabaseName("idx_reservation_waits_facility");
            wait.HasIndex(w => new { w.FacilityId, w.State, w.StartDate }).HasDatabaseName("idx_reservation_waits_facility_state");
        });
        model
            .Entity<FacilityQuota>()
            .HasIndex(q => new
            {
                q.FacilityId,
                q.Subject,
                q.Period,
            })
            .IsUnique()
            .HasDatabaseName("uq_facility_quotas");
        model.Entity<FacilityPhoto>().HasIndex(p => p.FacilityId).IsUnique().HasDatabaseName("uq_facility_photos_facility");
        model.Entity<CalendarFeed>().HasIndex(f => f.UserId).IsUnique().HasDatabaseName("uq_calendar_feeds_user");
        model.Entity<CalendarFeed>().HasIndex(f => f.SecretHash).IsUnique().HasDatabaseName("uq_calendar_feeds_secret_hash");
        model
            .Entity<FacilityHours>()
            .HasIndex(h => new
            {
                h.FacilityId,
                h.Weekday,
                h.OpensAt,
            })
            .IsUnique()
            .HasDatabaseName("uq_facility_hours");

        model.Entity<PqrsCase>(pqrs =>
        {
            pqrs.HasOne(p => p.Assignee).WithMany().HasForeignKey(p => p.AssignedTo);
            pqrs.HasMany(p => p.Tracking).WithOne(t => t.Pqrs).HasForeignKey(t => t.PqrsId);
            pqrs.HasMany(p => p.Pauses).WithOne(t => t.Pqrs).HasForeignKey(t => t.PqrsId);
            pqrs.HasIndex(p => p.StatusId).HasDatabaseName("idx_pqrs_status");
            pqrs.HasIndex(p => p.Number).IsUnique().HasDatabaseName("uq_pqrs_number");
            pqrs.HasIndex(p => p.VerificationCode).IsUnique().HasDatabaseName("uq_pqrs_verification_code");
            pqrs.HasIndex(p => new { p.StatusId, p.DueOn }).HasDatabaseName("idx_pqrs_status_due");
        });

        model.Entity<Visitor>(visitor =>
        {
            visitor.HasIndex(v => v.VisitDate).HasDatabaseName("idx_visitors_date");
            visitor.HasIndex(v => new { v.State, v.VisitDate }).HasDatabaseName("idx_visitors_state_date");
            visitor.HasIndex(v => v.PassCode).HasDatabaseName("idx_visitors_pass_code");
            visitor.HasIndex(v => v.IdentificationKey);
            visitor.HasIndex(v => v.LicensePlateKey);
            visitor.HasIndex(v => v.Name);
            visitor.HasIndex(v => v.ClientKey).IsUnique().HasDatabaseName("uq_visitors_client_key");
        });
        model.Entity<Package>().HasIndex(p => p.Status).HasDatabaseName("idx_packages_status");

        model.Entity<SurveyResponse>().HasMany(r => r.Answers).WithOne(a => a.Response).HasForeignKey(a => a.ResponseId);
        model
            .Entity<SurveyResponse>()
            .HasIndex(r => new { r.SurveyId, r.Respondent })
            .IsUnique()
            .HasDatabaseName("uq_survey_responses_respondent");
        model.Entity<NoticeRead>().HasIndex(r => new { r.NoticeId, r.UserId }).IsUnique().HasDatabaseName("uq_notice_reads");
        model.Entity<NotificationChoice>().HasIndex(c => new { c.UserId, c.Kind }).IsUnique().HasDatabaseName("uq_notification_choices");
        model.Entity<Notification>().HasIndex(n => n.RecipientId).HasDatabaseName("idx_notifications_recipient");
        model.Entity<Notification>().HasIndex(n => new { n.RecipientId, n.Read }).HasDatabaseName("idx_notifications_recipient_read");

        model.Entity<AuditEntry>(entry =>
        {
            entry.Property<string?>("Operation").HasMaxLength(36);
            entry.HasIndex(e => new { e.TableName, e.RecordId }).HasDatabaseName("idx_audit_log_record");
            entry.HasIndex(e => e.CreatedAt).HasDatabaseName("idx_audit_log_created_at");
            entry.HasIndex(e => e.UserId).HasDatabaseName("idx_audit_log_user");
            entry.HasIndex("Operation").HasDatabaseName("idx_audit_log_operation");
        });
        model.Entity<Setting>().HasIndex(s => s.Name).IsUnique().HasDatabaseName("uq_settings_name");
        model.Entity<Sequence>().HasIndex(s => new { s.Name, s.Year }).IsUnique().HasDatabaseName("uq_sequences_name_year");
        model.Entity<DailyFigure>().HasIndex(f => new { f.Name, f.Day }).IsUnique().HasDatabaseName("uq_daily_figures_name_day");
        model.Entity<Job>(job =>
        {
            job.HasIndex(j => new { j.State, j.RunAt }).HasDatabaseName("idx_jobs_state_run");
            job.HasIndex(j => j.UniqueKey).IsUnique().HasDatabaseName("uq_jobs_unique_key");
        });
    }

    private static void ApplyConventions(IMutableEntityType entity)
    {
        var table = entity.GetTableName()!;
        foreach (var property in entity.GetProperties())
        {
            if (property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null) property.SetColumnName(Snake(property.Name));
            StoreByName(property);
            ReadAsInstant(property);
            if (property.PropertyInfo?.GetCustomAttribute<WorkedOutAttribute>() is null) continue;
            // Not "generated" in EF's sense, which would read it back after every write.
            property.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
            property.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        }

        foreach (var key in entity.GetForeignKeys())
        {
            // What goes with a deleted row is decided by the table's own foreign keys, never by what happens to be loaded.
            key.DeleteBehavior = DeleteBehavior.ClientNoAction;
            key.SetConstraintName($"fk_{table}_{Stem(key.Properties)}");
        }

        foreach (var index in entity.GetIndexes())
        {
            if (index.Name is null && index.FindAnnotation(RelationalAnnotationNames.Name) is null)
                index.SetDatabaseName($"idx_{table}_{Stem(index.Properties)}");
        }
    }

    private static string Stem(IReadOnlyList<IMutableProperty> properties) =>
        string.Join(
            '_',
            properties.Select(p => Snake(p.Name) is var column && column.EndsWith("_id", StringComparison.Ordinal) ? column[..^3] : column)
        );

    /// <summary>A TIMESTAMP is an instant: read as UTC. DATETIME is the building's wall clock and keeps no kind.</summary>
    private static void ReadAsInstant(IMutableProperty property)
    {
        if (property.GetColumnType()?.StartsWith("timestamp", StringComparison.Ordinal) == true && property.GetValueConverter() is null)
            property.SetValueConverter(Instant);
    }

    private static readonly ValueConverter<DateTime, DateTime> Instant = new(
        value => value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value, stored => DateTime.SpecifyKind(stored, DateTimeKind.Utc));

    private static void StoreByName(IMutableProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (!type.IsEnum || type.GetCustomAttribute<StoredByNameAttribute>() is null) return;
        property.SetValueConverter((ValueConverter)Activator.CreateInstance(typeof(ByName<>).MakeGenericType(type))!);
        property.SetColumnType($"enum({string.Join(',', Enum.GetNames(type).Select(name => $"'{Snake(name)}'"))})");
    }

    private sealed class ByName<TEnum>() : ValueConverter<TEnum, string>(value => Names[value], name => Read(name))
        where TEnum : struct, Enum
    {
        private static readonly Dictionary<TEnum, string> Names = Enum.GetValues<TEnum>().ToDictionary(v => v, v => Snake(v.ToString()));

        private static readonly Dictionary<string, TEnum> Values = Names.ToDictionary(
            p => p.Value, p => p.Key, StringComparer.OrdinalIgnoreCase);

        /// <summary>
        /// A word that is none, such as the '' that a server writes in a session which is not strict, is read as a value without a name:
        /// one such row must not hide a list.
        /// </summary>
        private static TEnum Read(string name) => Values.TryGetValue(name, out var value) ? value : (TEnum)Enum.ToObject(typeof(TEnum), -1);
    }
}
