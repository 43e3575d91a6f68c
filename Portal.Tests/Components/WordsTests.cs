using System.ComponentModel.DataAnnotations.Schema;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Portal.Data;
using Portal.Data.Access;
using Xunit;

namespace Portal.Tests.Components;

/// <summary>
/// Both languages are whole: the files of one area have the same keys and the same holes, and no page asks for a key that is not there.
/// </summary>
public sealed partial class WordsTests
{
    internal static readonly string Portal = Path.GetFullPath(Path.Combine(Here(), "../../../Portal"));

    private static string Here([CallerFilePath] string file = "") => file;

    public static TheoryData<string> Areas =>
        [
            .. Directory
                .GetFiles(Path.Combine(Portal, "Resources"), "*.es.resx")
                .Select(file => Path.GetFileName(file)[..^".es.resx".Length])
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Areas))]
    public void Spanish_and_English_have_the_same_keys_with_the_same_holes(string area)
    {
        var spanish = Read(area, "es");
        var english = Read(area, "en");
        Assert.Empty(spanish.Keys.Except(english.Keys));
        Assert.Empty(english.Keys.Except(spanish.Keys));
        Assert.Empty(
            spanish
                .Where(word => string.IsNullOrWhiteSpace(word.Value) || string.IsNullOrWhiteSpace(english[word.Key]))
                .Select(word => word.Key)
        );
        Assert.Empty(spanish.Where(word => !Holes(word.Value).SetEquals(Holes(english[word.Key]))).Select(word => word.Key));
    }

    [Fact]
    public void No_page_asks_for_a_word_that_is_not_there()
    {
        var missing = new List<string>();
        foreach (
            var file in Directory
                .EnumerateFiles(Portal, "*.*", SearchOption.AllDirectories)
                .Where(file =>
                    (file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
                    && !file.Contains("/obj/")
                    && !file.Contains("/bin/")
                )
        )
        {
            var text = File.ReadAllText(file);
            var pair = file.EndsWith(".razor.cs", StringComparison.Ordinal) ? file[..^3] : file + ".cs";
            var declared = text + (File.Exists(pair) && pair != file ? File.ReadAllText(pair) : "");
            foreach (
                var (name, area) in Injected()
                    .Matches(declared)
                    .Select(found => (found.Groups["name"].Value, found.Groups["area"].Value))
                    .Distinct()
            )
            {
                var known = Read(area, "es").Keys.ToHashSet();
                missing.AddRange(
                    Regex
                        .Matches(text, $@"(?<![\w.]){name}\[""(?<key>[a-z0-9_.-]+)""[\],]")
                        .Select(used => used.Groups["key"].Value)
                        .Where(key => !known.Contains(key))
                        .Select(key => $"{Path.GetFileName(file)}: {area} lacks '{key}'")
                );
            }
        }

        Assert.Empty(missing.Distinct());
    }

    [Fact]
    public void Every_permission_its_module_and_every_table_of_the_audit_log_have_a_name()
    {
        var (access, audit) = (Read("AccessWords", "es").Keys.ToHashSet(), Read("AuditWords", "es").Keys.ToHashSet());
        Assert.Empty(Permissions.All.Select(name => "permission." + name).Except(access));
        Assert.Empty(Permissions.All.Select(name => "module." + name.Split('.')[0]).Except(access));
        Assert.Empty(typeof(PortalDb).Assembly.GetTypes()
            .Where(type => !type.IsDefined(typeof(NotAuditedAttribute), false))
            .Select(type => type.GetCustomAttribute<TableAttribute>()?.Name)
            .OfType<string>()
            .Select(table => "table." + table)
            .Except(audit));
    }

    [GeneratedRegex(@"IStringLocalizer<(?:\w+\.)*(?<area>\w+)>\s+(?<name>\w+)")]
    private static partial Regex Injected();

    [GeneratedRegex(@"\{\d+")]
    private static partial Regex Hole();

    private static HashSet<string> Holes(string text) => [.. Hole().Matches(text).Select(hole => hole.Value)];

    private static Dictionary<string, string> Read(string area, string language) =>
        XDocument.Load(Path.Combine(Portal, "Resources", $"{area}.{language}.resx")).Root!.Elements("data")
            .ToDictionary(word => word.Attribute("name")!.Value, word => word.Element("value")!.Value);
}
