using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Tests.Server;

namespace Portal.Tests.Schema;

/// <summary>
/// <c>docs/asvs.md</c> has a row for each requirement that could concern the portal, and names no test that is not there. Whether what it
/// says is true, people have to read.
/// </summary>
public sealed partial class AsvsTests
{
    /// <summary>
    /// Sections of ASVS 5.0.0 with the number of their requirements of levels 1 and 2, which are their first ones: without V9, V10, V17,
    /// 6.8 and 7.6, of which nothing is used here.
    /// </summary>
    private const string Sections =
        """
        1.1:2 1.2:9 1.3:11 1.4:3 1.5:2  2.1:3 2.2:3 2.3:4 2.4:1  3.2:2 3.3:4 3.4:6 3.5:5 3.7:2  4.1:3 4.2:1 4.3:2 4.4:4  5.1:1 5.2:3 5.3:2 5.4:3
        6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3  7.1:3 7.2:4 7.3:2 7.4:5 7.5:2  8.1:2 8.2:3 8.3:1 8.4:1  11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
        12.1:3 12.2:2 12.3:4  13.1:1 13.2:5 13.3:2 13.4:5  14.1:2 14.2:4 14.3:3  15.1:3 15.2:3 15.3:7  16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
        """;

    private static readonly string[] States = ["met", "partly", "not", "not applicable"];

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "asvs.md"));

    private static readonly Line[] Rows =
    [
        .. Lines.Where(line => Numbered().IsMatch(line)).Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => cells.Length == 5 ? new Line(cells[0], cells[1], cells[2].Trim('*'), cells[3], cells[4])
                : throw new InvalidDataException($"The row of {cells[0]} has {cells.Length} cells; a bar inside of one is none.")),
    ];

    private static readonly ILookup<string, Type> Classes = typeof(AsvsTests).Assembly.GetTypes().ToLookup(type => type.Name);

    [Fact]
    public void Each_of_the_204_requirements_has_its_row_once_and_in_its_place()
    {
        string[] ids =
        [
            .. Sections.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(section => section.Split(':'))
                .SelectMany(section => Enumerable.Range(1, int.Parse(section[1], CultureInfo.InvariantCulture))
                    .Select(number => $"{section[0]}.{number}")),
        ];
        Assert.Equal(204, ids.Length);
        Assert.Equal(ids, Rows.Select(row => row.Id));
    }

    [Fact]
    public void Each_row_says_what_is_asked_how_it_stands_and_what_proves_it()
    {
        List<string> wrong = [];
        foreach (var row in Rows)
        {
            if (!States.Contains(row.State)) wrong.Add($"{row.Id}: {row.State} is no state");
            if (row.Asks.Length == 0 || row.How.Length == 0) wrong.Add($"{row.Id}: says too little");
            var reason = row.Test.StartsWith("no test: ", StringComparison.Ordinal);
            string[] named = [.. Code().Matches(row.Test).Select(found => found.Groups[1].Value)];
            if (!reason && named.Length == 0) wrong.Add($"{row.Id}: names no test and gives no reason");
            wrong.AddRange(named.Where(name => (!reason || name.Contains("Tests", StringComparison.Ordinal)) && !IsThere(name))
                .Select(name => $"{row.Id}: there is no {name}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_sum_on_top_is_that_of_the_rows()
    {
        var said = Lines.Where(line => line.StartsWith("| V", StringComparison.Ordinal) || line.StartsWith("| **all", StringComparison.Ordinal))
            .Select(line => line.Trim().Trim('|').Replace("*", "", StringComparison.Ordinal).Split('|', StringSplitOptions.TrimEntries)).ToList();
        var chapters = Rows.Select(row => row.Id.Split('.')[0]).Distinct().ToList();
        Assert.Equal(chapters.Count + 1, said.Count);
        for (var i = 0; i < said.Count; i++)
        {
            var chapter = i < chapters.Count ? chapters[i] : null;
            Assert.StartsWith(chapter is null ? "all 204" : $"V{chapter} ", said[i][0], StringComparison.Ordinal);
            Assert.Equal(
                States.Select(state => Rows.Count(row => row.State == state && (chapter is null || row.Id.Split('.')[0] == chapter))),
                said[i][1..].Select(number => int.Parse(number, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>A file of the repository, a class of tests, or one of its tests.</summary>
    private static bool IsThere(string name)
    {
        if (File.Exists(Path.Combine(Repository.Root, name))) return true;
        var parts = name.Split('.');
        return parts.Length <= 2 && Classes[parts[0]].Any(type => type.GetMethods().Any(
            method => method.IsDefined(typeof(FactAttribute), inherit: true) && (parts.Length == 1 || method.Name == parts[1])));
    }

    [GeneratedRegex(@"^\| \d+\.\d+\.\d+ \|")]
    private static partial Regex Numbered();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    private sealed record Line(string Id, string Asks, string State, string How, string Test);
}
