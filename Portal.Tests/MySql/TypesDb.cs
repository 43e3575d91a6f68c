using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public enum Colour
{
    Red,
    Green,
    Blue = 7,
}

/// <summary>One column of every type that the provider maps, each nullable.</summary>
public sealed class Sample
{
    public int Id { get; set; }
    public bool? Bool { get; set; }
    public bool? Bit { get; set; }
    public sbyte? SByte { get; set; }
    public byte? Byte { get; set; }
    public short? Short { get; set; }
    public ushort? UShort { get; set; }
    public int? Int { get; set; }
    public uint? UInt { get; set; }
    public long? Long { get; set; }
    public ulong? ULong { get; set; }
    public float? Float { get; set; }
    public double? Double { get; set; }
    public decimal? Money { get; set; }
    public decimal? Wide { get; set; }
    public string? Text { get; set; }
    public string? Fixed { get; set; }
    public string? Long_ { get; set; }
    public string? Json { get; set; }
    public char? Letter { get; set; }
    public byte[]? Bytes { get; set; }
    public byte[]? Blob { get; set; }
    public Guid? Guid { get; set; }
    public Guid? GuidFixed { get; set; }
    public DateOnly? Date { get; set; }
    public DateTime? DateAsMoment { get; set; }
    public TimeOnly? Time { get; set; }
    public TimeOnly? TimeFine { get; set; }
    public TimeSpan? Span { get; set; }
    public DateTime? Moment { get; set; }
    public DateTime? MomentFine { get; set; }
    public DateTime? Stamp { get; set; }
    public DateTime? StampFine { get; set; }
    public DateTimeOffset? Instant { get; set; }
    public Colour? ColourName { get; set; }
    public Colour? ColourNumber { get; set; }
}

public sealed class TypesDb(DbContextOptions<TypesDb> options) : DbContext(options)
{
    public const string Schema = """
        CREATE TABLE samples (
          Id INT AUTO_INCREMENT PRIMARY KEY, Bool TINYINT(1), `Bit` BIT(1), SByte TINYINT, Byte TINYINT UNSIGNED, Short SMALLINT,
          UShort SMALLINT UNSIGNED, `Int` INT, UInt INT UNSIGNED, `Long` BIGINT, ULong BIGINT UNSIGNED, `Float` FLOAT, `Double` DOUBLE,
          Money DECIMAL(12,2), Wide DECIMAL(28,10), Text VARCHAR(200), Fixed CHAR(36), Long_ LONGTEXT, Json JSON, Letter CHAR(1),
          Bytes VARBINARY(64), `Blob` LONGBLOB, Guid VARCHAR(36), GuidFixed CHAR(36), `Date` DATE, DateAsMoment DATE, `Time` TIME,
          TimeFine TIME(6), Span TIME(6), Moment DATETIME, MomentFine DATETIME(6), Stamp TIMESTAMP NULL, StampFine TIMESTAMP(6) NULL,
          Instant TIMESTAMP(6) NULL, ColourName ENUM('Red','Green','Blue'), ColourNumber INT);
        """;

    public DbSet<Sample> Samples => Set<Sample>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Sample>(sample =>
    {
        sample.ToTable("samples");
        sample.Property(x => x.Bit).HasColumnType("bit(1)");
        sample.Property(x => x.Money).HasColumnType("decimal(12,2)");
        sample.Property(x => x.Wide).HasPrecision(28, 10);
        sample.Property(x => x.Text).HasMaxLength(200);
        sample.Property(x => x.Fixed).HasColumnType("char(36)");
        sample.Property(x => x.Json).HasColumnType("json");
        sample.Property(x => x.Bytes).HasMaxLength(64);
        sample.Property(x => x.GuidFixed).HasColumnType("char(36)");
        sample.Property(x => x.DateAsMoment).HasColumnType("date");
        sample.Property(x => x.Time).HasColumnType("time");
        sample.Property(x => x.Moment).HasColumnType("datetime");
        sample.Property(x => x.Stamp).HasColumnType("timestamp");
        sample.Property(x => x.StampFine).HasColumnType("timestamp(6)");
        sample.Property(x => x.ColourName).HasConversion<string>().HasColumnType("enum('Red','Green','Blue')");
    });
}
