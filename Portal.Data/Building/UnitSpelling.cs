using System.Text.RegularExpressions;

namespace Portal.Data.Building;

/// <summary>One way to read what was typed as a unit: a number, in one of some towers or (null) in any.</summary>
/// <param name="Number">As <see cref="UnitSpelling.NumberKey"/> has it.</param>
internal sealed record UnitReading(string Number, IReadOnlyList<int>? Towers);

/// <summary>
/// A unit's name as people write it. In the tower <c>Bloque 2</c> all of <c>Bloque 2 501</c>, <c>bloque2-501</c>, <c>B2 501</c>,
/// <c>2 501</c>, <c>2501</c> and <c>apto 501, bloque 2</c> are one unit, and <c>501</c> is every unit of that number.
/// </summary>
internal static partial class UnitSpelling
{
    private const int LongestTyped = 60;

    /// <summary>Words for a tower, each with its abbreviations. A tower called <c>Torre B</c> is found by each of its own word's.</summary>
    private static readonly string[][] TowerWords =
    [
        ["TORRE", "TORR", "TR", "TO", "T"],
        ["BLOQUE", "BLOQ", "BLQ", "BL", "B"],
        ["INTERIOR", "INTER", "INT", "IN", "I"],
        ["EDIFICIO", "EDIF", "ED", "E"],
        ["ETAPA", "ETP", "ET"],
        ["MANZANA", "MANZ", "MNZ", "MZ", "M"],
        ["SECTOR", "SECT", "SEC", "S"],
        ["AGRUPACION", "AGRUP", "AGR", "AG"],
        ["ZONA", "ZN", "Z"],
        ["TOWER"],
        ["BLOCK"],
        ["BUILDING"],
    ];

    private static readonly HashSet<string> UnitWords =
        ["APARTAMENTO", "APTO", "APT", "AP", "APARTMENT", "CASA", "UNIDAD", "NUMERO", "NO", "NRO", "N"];

    /// <summary>
    /// An apartment's number for comparing, as <c>apartments.number_key</c> holds it: <c>Apto. 501</c> is <c>501</c>, <c>PH-1</c> is
    /// <c>PH1</c>.
    /// </summary>
    public static string NumberKey(string? number) => UnitWord().Replace(Spelling.WordKey(number), "");

    /// <summary>
    /// The readings that name a tower, and those that do not say where it ends: the second are asked for only where the first find nothing.
    /// What fits several units is never decided here.
    /// </summary>
    public static (IReadOnlyList<UnitReading> Named, IReadOnlyList<UnitReading> Loose) Read(
        string? typed, IReadOnlyCollection<(int Id, string Name)> towers)
    {
        if (typed is null or { Length: > LongestTyped }) return ([], []);
        var known = towers.Select(tower => new Called(tower.Id, Spelling.WordKey(tower.Name), Names(tower.Name))).ToList();
        var words = Runs().Matches(typed).Select(run => Spelling.WordKey(run.Value)).Where(word => word.Length > 0).ToList();
        // "apto 501": the word says nothing, unless a tower is called so.
        words.RemoveAll(word => UnitWords.Contains(word) && known.TrueForAll(tower => tower.Key != word));
        if (words.Count == 0) return ([], []);

        var (named, loose) = (new List<UnitReading>(), new List<UnitReading>());
        for (var cut = 1; cut < words.Count; cut++)
        {
            var (left, right) = (string.Concat(words[..cut]), string.Concat(words[cut..]));
            Add(named, right, TowersCalled(left, known));
            // "501 Bloque 2". Of two bare numbers the first is the tower.
            Add(right.Any(char.IsAsciiLetter) ? named : loose, left, TowersCalled(right, known));
        }

        var whole = string.Concat(words);
        loose.Add(new UnitReading(NumberKey(whole), null));
        foreach (var tower in known)
        {
            foreach (var name in tower.Names.Where(name => whole.Length > name.Length && whole.StartsWith(name, StringComparison.Ordinal)))
                Add(loose, whole[name.Length..], [tower.Id]);
        }

        return (named, loose);
    }

    private static void Add(List<UnitReading> readings, string number, IReadOnlyList<int> towers)
    {
        number = NumberKey(number);
        if (number.Length == 0 || towers.Count == 0) return;
        var same = readings.FindIndex(reading => reading.Number == number && reading.Towers is not null);
        if (same < 0) readings.Add(new UnitReading(number, towers));
        else readings[same] = new UnitReading(number, [.. readings[same].Towers!.Union(towers)]);
    }

    private static List<int> TowersCalled(string name, List<Called> towers)
    {
        // Who says a tower's own name in words means that tower alone, whatever others are called for short.
        if (name.Count(char.IsAsciiLetter) > 2 && towers.FindAll(tower => tower.Key == name) is { Count: > 0 } exact)
            return exact.ConvertAll(tower => tower.Id);
        return towers.FindAll(tower => tower.Names.Contains(name)).ConvertAll(tower => tower.Id);
    }

    /// <summary>A tower with its own name as a key, and all that it is called.</summary>
    private sealed record Called(int Id, string Key, HashSet<string> Names);

    /// <summary>All that a tower is called: its name, the name without its word, the word abbreviated, its last number alone.</summary>
    internal static HashSet<string> Names(string tower)
    {
        var parts = Runs()
            .Matches(tower)
            .SelectMany(run => Parts().Matches(Spelling.WordKey(run.Value)))
            .Select(part => part.Value)
            .ToList();
        if (parts.Count == 0) return [];
        HashSet<string> names = [string.Concat(parts)];
        var abbreviations = Array.Find(TowerWords, words => words.Contains(parts[0]));
        if (parts.Count == 1) AddWith(parts[0], TowerWords.SelectMany(words => words));
        else if (abbreviations is not null) AddWith(string.Concat(parts[1..]), abbreviations);
        else if (parts[^1].All(char.IsAsciiDigit)) AddWith(parts[^1], [$"{parts[0][0]}"]);
        return names;

        void AddWith(string own, IEnumerable<string> words)
        {
            var trimmed = own.All(char.IsAsciiDigit) ? own.TrimStart('0') : own;
            foreach (var one in trimmed.Length is 0 || trimmed == own ? [own] : new[] { own, trimmed })
            {
                names.Add(one);
                names.UnionWith(words.Select(word => word + one));
            }
        }
    }

    [GeneratedRegex("^(APARTAMENTO|APTO|APT|AP|CASA)(?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex UnitWord();

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Runs();

    [GeneratedRegex("[A-Z]+|[0-9]+")]
    private static partial Regex Parts();
}
