using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public sealed class TypesTests(ProviderDatabase database) : IClassFixture<ProviderDatabase>, IAsyncLifetime
{
    public Task InitializeAsync() => database.ExecuteAsync("DROP TABLE IF EXISTS samples; " + TypesDb.Schema);

    public Task DisposeAsync() => Task.CompletedTask;

    public static TheoryData<string, object> Values => new()
    {
        { nameof(Sample.Bool), true }, { nameof(Sample.Bool), false }, { nameof(Sample.Bit), true }, { nameof(Sample.Bit), false },
        { nameof(Sample.SByte), sbyte.MinValue }, { nameof(Sample.SByte), sbyte.MaxValue },
        { nameof(Sample.Byte), byte.MinValue }, { nameof(Sample.Byte), byte.MaxValue },
        { nameof(Sample.Short), short.MinValue }, { nameof(Sample.Short), short.MaxValue },
        { nameof(Sample.UShort), ushort.MinValue }, { nameof(Sample.UShort), ushort.MaxValue },
        { nameof(Sample.Int), int.MinValue }, { nameof(Sample.Int), int.MaxValue }, { nameof(Sample.Int), 0 },
        { nameof(Sample.UInt), uint.MinValue }, { nameof(Sample.UInt), uint.MaxValue },
        { nameof(Sample.Long), long.MinValue }, { nameof(Sample.Long), long.MaxValue },
        { nameof(Sample.ULong), ulong.MinValue }, { nameof(Sample.ULong), ulong.MaxValue },
        { nameof(Sample.Double), 0.1 }, { nameof(Sample.Double), -1e300 }, { nameof(Sample.Double), 1e-300 }, { nameof(Sample.Double), 1234567.891 },
        { nameof(Sample.Float), 0.5f }, { nameof(Sample.Float), -12345.5f },
        { nameof(Sample.Money), 9999999999.99m }, { nameof(Sample.Money), -0.01m }, { nameof(Sample.Money), 0m },
        { nameof(Sample.Wide), 123456789012345678.0123456789m },
        { nameof(Sample.Text), "" }, { nameof(Sample.Text), "Ñandú 😀 \\ ' \" % _" }, { nameof(Sample.Fixed), "not a guid" },
        { nameof(Sample.Fixed), "0d7dc7ae-0f3a-4f0c-9d70-0b0f1a1b2c3d" }, { nameof(Sample.Long_), new string('é', 100_000) },
        { nameof(Sample.Letter), 'ñ' }, { nameof(Sample.Letter), '\'' },
        { nameof(Sample.Bytes), Array.Empty<byte>() }, { nameof(Sample.Bytes), new byte[] { 0, 1, 39, 92, 255, 26, 10 } },
        { nameof(Sample.Blob), Enumerable.Range(0, 70_000).Select(i => (byte)i).ToArray() },
        { nameof(Sample.Guid), new Guid("0d7dc7ae-0f3a-4f0c-9d70-0b0f1a1b2c3d") }, { nameof(Sample.GuidFixed), new Guid("0d7dc7ae-0f3a-4f0c-9d70-0b0f1a1b2c3d") },
        { nameof(Sample.Guid), System.Guid.Empty },
        { nameof(Sample.Date), new DateOnly(2024, 2, 29) }, { nameof(Sample.Date), new DateOnly(1000, 1, 1) }, { nameof(Sample.Date), DateOnly.MaxValue },
        { nameof(Sample.DateAsMoment), new DateTime(2024, 2, 29) },
        { nameof(Sample.Time), TimeOnly.MinValue }, { nameof(Sample.Time), new TimeOnly(23, 59, 59) },
        { nameof(Sample.TimeFine), new TimeOnly(6, 30, 15, 123, 456) },
        { nameof(Sample.Span), TimeSpan.Zero }, { nameof(Sample.Span), new TimeSpan(34, 22, 59, 59) }, { nameof(Sample.Span), -new TimeSpan(0, 1, 30, 0, 250) },
        { nameof(Sample.Moment), new DateTime(2026, 3, 4, 18, 0, 0) }, { nameof(Sample.MomentFine), new DateTime(2026, 3, 4, 18, 0, 0, 123, 456) },
        { nameof(Sample.Stamp), new DateTime(2026, 3, 4, 18, 0, 0, DateTimeKind.Utc) },
        { nameof(Sample.StampFine), new DateTime(2026, 3, 4, 18, 0, 0, 123, 456, DateTimeKind.Utc) },
        { nameof(Sample.Instant), new DateTimeOffset(2026, 3, 4, 18, 0, 0, 123, 456, TimeSpan.Zero) },
        { nameof(Sample.ColourName), Colour.Blue }, { nameof(Sample.ColourNumber), Colour.Blue },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_comes_back_and_is_found_as_parameter_as_literal_and_in_a_list(string property, object value)
    {
        await using (var db = Open())
        {
            var sample = new Sample();
            typeof(Sample).GetProperty(property)!.SetValue(sample, value);
            db.AddRange(sample, new Sample());
            await db.SaveChangesAsync();
        }

        await using (var db = Open())
        {
            var read = await db.Samples.OrderBy(x => x.Id).FirstAsync();
            var got = typeof(Sample).GetProperty(property)!.GetValue(read);
            Assert.Equal(value, got);
            Assert.Equal((value as DateTime?)?.Kind, (got as DateTime?)?.Kind);
            Assert.Equal(1, await CountAsync(db, property, value, literal: false));
            Assert.Equal(1, await CountAsync(db, property, value, literal: true));
            Assert.Equal(1, await CountInListAsync(db, property, value));
            Assert.Equal(1, await db.Samples.CountAsync(NullTest(property)));
        }
    }

    [Fact]
    public async Task Null_comes_back_as_null_in_every_type()
    {
        await using (var db = Open())
        {
            db.Add(new Sample());
            await db.SaveChangesAsync();
        }

        await using (var db = Open())
        {
            var read = await db.Samples.SingleAsync();
            Assert.All(typeof(Sample).GetProperties().Where(p => p.Name != nameof(Sample.Id)), p => Assert.Null(p.GetValue(read)));
        }
    }

    [Fact]
    public async Task Every_value_can_become_null_again_and_back()
    {
        await using var db = Open();
        var sample = new Sample { Time = TimeOnly.MinValue, Money = 1, Text = "x", Moment = new DateTime(2026, 1, 1), Bytes = [1], Guid = System.Guid.NewGuid() };
        db.Add(sample);
        await db.SaveChangesAsync();
        (sample.Time, sample.Money, sample.Text, sample.Moment, sample.Bytes, sample.Guid) = (null, null, null, null, null, null);
        await db.SaveChangesAsync();
        await db.Entry(sample).ReloadAsync();
        Assert.Equal((null, null, null, null, null, null), (sample.Time, sample.Money, sample.Text, sample.Moment, sample.Bytes, sample.Guid));
        Assert.Equal(0, await db.Samples.CountAsync(x => x.Time == TimeOnly.MinValue));
        sample.Time = TimeOnly.MinValue;
        await db.SaveChangesAsync();
        Assert.Equal(1, await db.Samples.CountAsync(x => x.Time == TimeOnly.MinValue));
    }

    [Fact]
    public async Task Fractions_that_a_column_cannot_hold_are_cut_and_never_rounded()
    {
        await using (var db = Open())
        {
            db.Add(new Sample
            {
                Moment = new DateTime(2026, 12, 31, 23, 59, 59, 999),
                Stamp = new DateTime(2026, 12, 31, 23, 59, 59, 999, DateTimeKind.Utc),
                Time = new TimeOnly(23, 59, 59, 999),
                MomentFine = new DateTime(2026, 12, 31, 23, 59, 59).AddTicks(9_999_999),
            });
            await db.SaveChangesAsync();
        }

        await using (var db = Open())
        {
            var read = await db.Samples.SingleAsync();
            Assert.Equal(new DateTime(2026, 12, 31, 23, 59, 59), read.Moment);
            Assert.Equal(new DateTime(2026, 12, 31, 23, 59, 59), read.Stamp);
            Assert.Equal(new TimeOnly(23, 59, 59), read.Time);
            Assert.Equal(new DateTime(2026, 12, 31, 23, 59, 59).AddTicks(9_999_990), read.MomentFine);
        }
    }

    [Fact]
    public async Task A_local_time_is_stored_as_the_instant_it_means()
    {
        var local = new DateTime(2026, 3, 4, 18, 0, 0, DateTimeKind.Local);
        await using var db = Open();
        db.Add(new Sample { Stamp = local, Instant = new DateTimeOffset(2026, 3, 4, 18, 0, 0, TimeSpan.FromHours(-5)) });
        await db.SaveChangesAsync();
        var sample = await db.Samples.AsNoTracking().SingleAsync();
        Assert.Equal((local.ToUniversalTime(), DateTimeKind.Utc), (sample.Stamp, sample.Stamp!.Value.Kind));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 23, 0, 0, TimeSpan.Zero), sample.Instant);
        Assert.Equal(TimeSpan.Zero, sample.Instant!.Value.Offset);
    }

    [Fact]
    public async Task Json_is_text_that_the_server_has_checked()
    {
        await using var db = Open();
        var sample = new Sample { Json = """{"a": [1, "ñ😀", null], "b": "q\"\\"}""" };
        db.Add(sample);
        await db.SaveChangesAsync();
        await db.Entry(sample).ReloadAsync();
        Assert.Equal(
            "ñ😀", System.Text.Json.JsonDocument.Parse(sample.Json!).RootElement.GetProperty("a")[1].GetString());
        sample.Json = "not json";
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    [Fact]
    public async Task A_value_too_large_for_its_column_is_refused_and_not_cut()
    {
        await using var db = Open();
        db.Add(new Sample { Text = new string('x', 201) });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
    }

    private TypesDb Open() => new(database.Options<TypesDb>());

    private static Task<int> CountAsync(TypesDb db, string property, object value, bool literal)
    {
        var row = Expression.Parameter(typeof(Sample), "x");
        var member = Expression.Property(row, property);

        // A field of a captured object is what the compiler makes of a local variable: EF Core turns it into a parameter.
        Expression operand = literal
            ? Expression.Constant(value, value.GetType())
            : Expression.Convert(Expression.Field(Expression.Constant(new Captured { Value = value }), nameof(Captured.Value)), value.GetType());
        var test = Expression.Equal(member, Expression.Convert(operand, member.Type));
        return db.Samples.CountAsync(Expression.Lambda<Func<Sample, bool>>(test, row));
    }

    private static Task<int> CountInListAsync(TypesDb db, string property, object value)
    {
        var row = Expression.Parameter(typeof(Sample), "x");
        var member = Expression.Property(row, property);
        var list = Array.CreateInstance(member.Type, 2);
        list.SetValue(value, 0);
        list.SetValue(value, 1);
        var test = Expression.Call(
            typeof(Enumerable), nameof(Enumerable.Contains), [member.Type],
            Expression.Convert(Expression.Field(Expression.Constant(new Captured { Value = list }), nameof(Captured.Value)), list.GetType()), member);
        return db.Samples.CountAsync(Expression.Lambda<Func<Sample, bool>>(test, row));
    }

    private static Expression<Func<Sample, bool>> NullTest(string property)
    {
        var row = Expression.Parameter(typeof(Sample), "x");
        var member = Expression.Property(row, property);
        return Expression.Lambda<Func<Sample, bool>>(Expression.Equal(member, Expression.Constant(null, member.Type)), row);
    }

    private sealed class Captured
    {
        public object? Value;
    }
}
