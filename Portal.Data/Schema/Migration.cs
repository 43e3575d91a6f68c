using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Portal.Data.Schema;

/// <summary>One file of <c>migrations/</c>. Numbers run from 1 without gaps; a file that has been applied anywhere is never
/// edited, a correction is a new file. It widens what is there, and portals built before it go on; one that takes away says so in a line
/// <c>-- narrows: why</c>, and is applied once no older portal serves.</summary>
public sealed partial record Migration(int Number, string FileName, string Text)
{
    private IReadOnlyList<string>? _statements;

    public IReadOnlyList<string> Statements => _statements ??= SqlScript.Split(Text);

    /// <summary>SHA-256 in hex. Line ends do not count: a checkout may change them.</summary>
    public string Checksum { get; } = Hash(Text);

    /// <summary>Portals built before this one cannot work with what it leaves.</summary>
    public bool Narrows { get; } = NarrowsPattern().IsMatch(Text);

    /// <summary>Checksum of the first statements: what a half-applied file may not change any more.</summary>
    public string ChecksumOf(int statements) => Hash(string.Join('\n', Statements.Take(statements)));

    /// <summary>The files built into this assembly, so that a deployed portal cannot lose them.</summary>
    public static IReadOnlyList<Migration> BuiltIn { get; } = Ordered(FromResources(typeof(Migration).Assembly));

    public static IReadOnlyList<Migration> FromFolder(string folder) =>
        Ordered(Directory.EnumerateFiles(folder, "*.sql").Select(path => Parse(Path.GetFileName(path), File.ReadAllText(path))));

    public static Migration Parse(string fileName, string text)
    {
        var match = NamePattern().Match(fileName);
        return match.Success
            ? new Migration(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), fileName, text.ReplaceLineEndings("\n"))
            : throw new SchemaException($"{fileName}: a migration is called NNNN_what_it_does.sql (four digits, lower case).");
    }

    private static IEnumerable<Migration> FromResources(Assembly assembly)
    {
        const string Prefix = "migrations/";
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            yield return Parse(resource[Prefix.Length..], reader.ReadToEnd());
        }
    }

    private static List<Migration> Ordered(IEnumerable<Migration> migrations)
    {
        List<Migration> ordered = [.. migrations.OrderBy(migration => migration.Number)];
        for (var i = 0; i < ordered.Count; i++)
        {
            if (ordered[i].Number != i + 1)
            {
                throw new SchemaException(
                    ordered[i].Number <= i
                        ? $"{ordered[i].FileName} and {ordered[i - 1].FileName} have the same number: give the newer one the next free number."
                        : $"Migration {i + 1:0000} is missing before {ordered[i].FileName}: numbers run without gaps. Restore the file or renumber."
                );
            }
        }
        return ordered;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"^(\d{4})_[a-z0-9_]+\.sql$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^-- narrows: \S", RegexOptions.Multiline)]
    private static partial Regex NarrowsPattern();
}
