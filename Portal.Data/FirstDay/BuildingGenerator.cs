using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Building;

namespace Portal.Data.FirstDay;

/// <summary>How apartments are numbered.</summary>
public enum NumberPattern
{
    /// <summary>The floor and two digits: 101, 1204.</summary>
    FloorAndTwo,

    /// <summary>The floor and one digit: 11, 124.</summary>
    FloorAndOne,

    /// <summary>Counted through each tower: 1, 2, 3.</summary>
    Through,
}

/// <summary>Towers that are alike.</summary>
/// <param name="Towers">Their names with commas: "Torre 1, Torre 2"; or from and to: "A-D", "1-6".</param>
public sealed record GenerateInput(
    string? Towers, int? Floors, int? PerFloor, int FirstFloor = 1, NumberPattern Pattern = NumberPattern.FloorAndTwo);

/// <param name="Known">How many of them are there already: those stay as they are.</param>
/// <param name="Examples">The first and the last of each tower, a few.</param>
public sealed record GeneratePreview(int Towers, int Units, int Known, IReadOnlyList<GeneratedTower> Examples);

public sealed record GeneratedTower(string Name, string First, string Last, int Units);

/// <summary>Makes towers with their floors and apartments by a pattern. Needs <see cref="Permissions.BuildingSetUp"/>.</summary>
public sealed class BuildingGenerator(PortalStore store, BuildingClock clock, BuildingChoices choices)
{
    public const int MostTowers = 100, MostFloors = 200, MostPerFloor = 50, MostUnits = 20_000;

    private const int Examples = 6, Chunk = 400;

    /// <summary>What would be made.</summary>
    /// <returns>Refused: <c>required</c>, <c>settings.range</c>, <c>generate.towers</c>, <c>generate.many</c>,
    /// <c>generate.numbers</c> where two of a tower would be numbered alike.</returns>
    public async Task<Result<GeneratePreview>> PreviewAsync(GenerateInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingSetUp)) return Error.Forbidden;
        if (Check(input) is { Count: > 0 } errors) return errors;
        await using var db = await store.OpenAsync(user, ct);
        var (towers, numbers) = (Names(input.Towers!), Numbers(input).ToList());
        var known = await KnownAsync(db, ct);
        var there = towers.Sum(t =>
            Find(known, t) is { } tower ? numbers.Count(n => tower.Numbers.Contains(UnitSpelling.NumberKey(n.Number))) : 0);
        return new GeneratePreview(
            towers.Count, towers.Count * numbers.Count - there, there,
            [.. towers.Take(Examples).Select(t => new GeneratedTower(t, numbers[0].Number, numbers[^1].Number, numbers.Count))]);
    }

    /// <summary>Makes them; those that are there stay as they are.</summary>
    /// <returns>How many apartments were made. Refused as <see cref="PreviewAsync"/>.</returns>
    public async Task<Result<int>> GenerateAsync(GenerateInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.BuildingSetUp)) return Error.Forbidden;
        if (Check(input) is { Count: > 0 } errors) return errors;
        try
        {
            return await store.WriteAsync<int>(
                user,
                async (db, token) =>
                {
                    await BuildingImporter.HoldAsync(db, token);
                    var known = await KnownAsync(db, token);
                    var numbers = Numbers(input).ToList();
                    var (highest, now, made) = (numbers.Max(n => n.Floor), clock.UtcNow, 0);
                    foreach (var name in Names(input.Towers!))
                    {
                        var there = Find(known, name);
                        var tower = there is null
                            ? new Tower { Name = name, Floors = highest }
                            : await db.Towers.SingleAsync(t => t.Id == there.Id, token);
                        if (there is null) db.Towers.Add(tower);
                        else if (tower.Floors < highest) tower.Floors = highest;
                        await db.SaveChangesAsync(token);
                        var missing = numbers.FindAll(n => there?.Numbers.Contains(UnitSpelling.NumberKey(n.Number)) != true);
                        foreach (var some in missing.Chunk(Chunk))
                        {
                            await ImportWriter.InsertAsync(
                                db, "INSERT INTO apartments (tower_id, apartment_number, floor, status_id, created_at, updated_at) VALUES ",
                                some.Select(n => new object?[] { tower.Id, n.Number, n.Floor, (int)OccupancyState.Available, now, now }),
                                token);
                        }

                        made += missing.Count;
                        if (missing.Count > 0)
                        {
                            await db.WriteEventAsync(
                                "generated", "apartments", null, new { tower = tower.Name, rows = missing.Count }, token);
                        }
                    }

                    return made;
                },
                ct
            );
        }
        finally
        {
            choices.Towers.Forget();
        }
    }

    private static IEnumerable<(int Floor, string Number)> Numbers(GenerateInput input)
    {
        var through = 0;
        for (var i = 0; i < input.Floors; i++)
        {
            for (var position = 1; position <= input.PerFloor; position++)
            {
                var floor = input.FirstFloor + i;
                yield return (floor, input.Pattern switch
                {
                    NumberPattern.FloorAndOne => string.Create(CultureInfo.InvariantCulture, $"{floor}{position}"),
                    NumberPattern.Through => (++through).ToString(CultureInfo.InvariantCulture),
                    _ => string.Create(CultureInfo.InvariantCulture, $"{floor}{position:00}"),
                });
            }
        }
    }

    /// <summary>Their names one by one: "A-D" is A, B, C, D, and "Torre 1-3" is Torre 1, Torre 2, Torre 3.</summary>
    internal static IReadOnlyList<string> Names(string typed)
    {
        List<string> names = [];
        foreach (var part in typed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            var word = ends[0].LastIndexOf(' ') is >= 0 and var space ? ends[0][..(space + 1)] : "";
            var first = ends[0][word.Length..];
            if (ends.Length == 2 && int.TryParse(first, CultureInfo.InvariantCulture, out var from)
                && int.TryParse(ends[1], CultureInfo.InvariantCulture, out var to) && from >= 0 && to >= from && to - from < MostTowers)
            {
                names.AddRange(Enumerable.Range(from, to - from + 1).Select(n => word + n.ToString(CultureInfo.InvariantCulture)));
            }
            else if (ends.Length == 2 && first.Length == 1 && ends[1].Length == 1 && char.IsAsciiLetterUpper(first[0])
                && char.IsAsciiLetterUpper(ends[1][0]) && ends[1][0] >= first[0])
            {
                names.AddRange(Enumerable.Range(first[0], ends[1][0] - first[0] + 1).Select(letter => word + (char)letter));
            }
            else
            {
                names.Add(part);
            }
        }

        return names;
    }

    private static List<Error> Check(GenerateInput input)
    {
        var errors = new List<Error>();
        IReadOnlyList<string> names = [];
        if (string.IsNullOrWhiteSpace(input.Towers)) errors.Add(Error.Required(nameof(input.Towers)));
        else
        {
            names = input.Towers.Length > 1000 ? [] : Names(input.Towers);
            if (names.Count is 0 or > MostTowers || names.Any(n => n.Length > 100 || Spelling.WordKey(n).Length == 0)
                || names.Select(n => Spelling.WordKey(n)).Distinct().Count() < names.Count)
                errors.Add(new Error("generate.towers", nameof(input.Towers), MostTowers));
        }

        if (input.Floors is not (>= 1 and <= MostFloors)) errors.Add(new Error("settings.range", nameof(input.Floors), 1, MostFloors));
        if (input.PerFloor is not (>= 1 and <= MostPerFloor))
            errors.Add(new Error("settings.range", nameof(input.PerFloor), 1, MostPerFloor));
        if (input.FirstFloor is < 0 or > 20) errors.Add(new Error("settings.range", nameof(input.FirstFloor), 0, 20));
        if (!Enum.IsDefined(input.Pattern)) errors.Add(new Error("gone", nameof(input.Pattern)));
        if (errors.Count > 0) return errors;
        if (input.FirstFloor + input.Floors - 1 > MostFloors)
            errors.Add(new Error("settings.range", nameof(input.Floors), 1, MostFloors - input.FirstFloor + 1));
        else if (names.Count * input.Floors * input.PerFloor > MostUnits)
            errors.Add(new Error("generate.many", nameof(input.PerFloor), MostUnits));
        else if (Numbers(input).Select(n => n.Number).Distinct().Count() < input.Floors * input.PerFloor)
            errors.Add(new Error("generate.numbers", nameof(input.Pattern)));
        return errors;
    }

    private static async Task<List<KnownTower>> KnownAsync(PortalDb db, CancellationToken ct)
    {
        var units = (await db.Apartments.AsNoTracking().Select(a => new { a.TowerId, a.NumberKey }).ToListAsync(ct))
            .ToLookup(a => a.TowerId, a => a.NumberKey ?? "");
        return (await db.Towers.AsNoTracking().OrderBy(t => t.Id).Select(t => new { t.Id, t.Name }).ToListAsync(ct))
            .ConvertAll(t => new KnownTower(t.Id, t.Name, [.. units[t.Id]]));
    }

    private static KnownTower? Find(List<KnownTower> towers, string name) =>
        towers.Find(t => Spelling.SameName(t.Name, name) || Spelling.WordKey(t.Name) == Spelling.WordKey(name));

    private sealed record KnownTower(int Id, string Name, HashSet<string> Numbers);
}
