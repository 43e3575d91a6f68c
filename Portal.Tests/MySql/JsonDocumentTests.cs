using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

/// <summary>Documents mapped with <c>ToJson()</c>: a JSON type on MySQL, checked text on MariaDB.</summary>
public sealed class JsonDocumentTests(ProviderDatabase database) : IClassFixture<ProviderDatabase>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await database.ExecuteAsync("DROP TABLE IF EXISTS shelves; CREATE TABLE shelves (id INT AUTO_INCREMENT PRIMARY KEY, label JSON NOT NULL)");
        await using var db = Open();
        db.AddRange(
            new Shelf { Label = new Label { Name = "it's \"A\" \\ ñ😀", Width = 120, Price = 10.50m, Open = true, Since = new DateOnly(2020, 2, 29), Owner = new Owner { City = "Bogotá" }, Tags = [new Tag { Word = "x" }, new Tag { Word = "y" }] } },
            new Shelf { Label = new Label { Name = "B", Width = 80, Price = 2, Open = false, Owner = new Owner() } });
        await db.SaveChangesAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_document_comes_back_whole()
    {
        await using var db = Open();
        var label = (await db.Shelves.OrderBy(x => x.Id).FirstAsync()).Label;
        Assert.Equal(("it's \"A\" \\ ñ😀", 120, 10.50m, true, new DateOnly(2020, 2, 29), "Bogotá"), (label.Name, label.Width, label.Price, label.Open, label.Since, label.Owner.City));
        Assert.Equal(["x", "y"], label.Tags.Select(x => x.Word));
        Assert.Null((await db.Shelves.OrderBy(x => x.Id).LastAsync()).Label.Owner.City);
    }

    [Fact]
    public async Task Parts_of_a_document_are_conditions_and_results()
    {
        await using var db = Open();
        Assert.Equal(1, await db.Shelves.CountAsync(x => x.Label.Name == "it's \"A\" \\ ñ😀"));
        Assert.Equal(1, await db.Shelves.CountAsync(x => x.Label.Width > 100));
        Assert.Equal(1, await db.Shelves.CountAsync(x => x.Label.Price < 9));
        Assert.Equal(1, await db.Shelves.CountAsync(x => x.Label.Open));
        Assert.Equal(1, await db.Shelves.CountAsync(x => !x.Label.Open));
        Assert.Equal(1, await db.Shelves.CountAsync(x => x.Label.Since == new DateOnly(2020, 2, 29)));
        Assert.Equal(1, await db.Shelves.CountAsync(x => x.Label.Owner.City == null));
        Assert.Equal([80, 120], await db.Shelves.OrderBy(x => x.Label.Width).Select(x => x.Label.Width).ToListAsync());
        Assert.Equal(["x"], await db.Shelves.Where(x => x.Label.Width == 120).Select(x => x.Label.Tags[0].Word).ToListAsync());
    }

    [Fact]
    public async Task Changing_a_part_keeps_the_rest()
    {
        await using (var db = Open())
        {
            var shelf = await db.Shelves.OrderBy(x => x.Id).FirstAsync();
            shelf.Label.Name = "o'clock \\ \"new\"";
            await db.SaveChangesAsync();
            shelf.Label.Open = false;
            await db.SaveChangesAsync();
            shelf.Label.Since = new DateOnly(2021, 3, 1);
            await db.SaveChangesAsync();
            shelf.Label.Price = 11.25m;
            await db.SaveChangesAsync();
            shelf.Label.Owner.City = "Cali";
            await db.SaveChangesAsync();
            shelf.Label.Width = 121;
            shelf.Label.Tags.Add(new Tag { Word = "z" });
            await db.SaveChangesAsync();
        }

        await using (var db = Open())
        {
            var label = (await db.Shelves.OrderBy(x => x.Id).FirstAsync()).Label;
            Assert.Equal(
                ("o'clock \\ \"new\"", 121, 11.25m, false, new DateOnly(2021, 3, 1), "Cali"),
                (label.Name, label.Width, label.Price, label.Open, label.Since, label.Owner.City));
            Assert.Equal(["x", "y", "z"], label.Tags.Select(x => x.Word));
        }
    }

    private ShelfDb Open() => new(database.Options<ShelfDb>());

    private sealed class Shelf
    {
        public int Id { get; set; }
        public required Label Label { get; set; }
    }

    private sealed class Label
    {
        public required string Name { get; set; }
        public int Width { get; set; }
        public decimal Price { get; set; }
        public bool Open { get; set; }
        public DateOnly? Since { get; set; }
        public required Owner Owner { get; set; }
        public List<Tag> Tags { get; set; } = [];
    }

    private sealed class Owner
    {
        public string? City { get; set; }
    }

    private sealed class Tag
    {
        public required string Word { get; set; }
    }

    private sealed class ShelfDb(DbContextOptions<ShelfDb> options) : DbContext(options)
    {
        public DbSet<Shelf> Shelves => Set<Shelf>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Shelf>(shelf =>
        {
            shelf.ToTable("shelves");
            shelf.OwnsOne(x => x.Label, label =>
            {
                label.ToJson("label");
                label.OwnsOne(x => x.Owner);
                label.OwnsMany(x => x.Tags);
            });
        });
    }
}
