using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Portal.Components.Shared;

namespace Portal.Tests.Components;

/// <summary>
/// What pages give to components, these take. The compiler does not look: an attribute that a component has no parameter for is found by
/// whoever opens the page.
/// </summary>
public sealed partial class GivenTests
{
    private static readonly ILookup<string, Type> Components = typeof(Live).Assembly.GetTypes()
        .Where(type => typeof(ComponentBase).IsAssignableFrom(type) && !type.IsAbstract)
        .ToLookup(type => type.Name.Split('`')[0], StringComparer.Ordinal);

    [Fact]
    public void Components_are_given_only_what_they_take()
    {
        var (wrong, seen) = (new List<string>(), 0);
        foreach (var file in new DirectoryInfo(WordsTests.Portal).EnumerateFiles("*.razor", SearchOption.AllDirectories))
        {
            if (file.FullName.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) continue;
            var text = Comment().Replace(File.ReadAllText(file.FullName), "");
            foreach (Match tag in Tag().Matches(text))
            {
                if (Components[tag.Groups[1].Value].ToList() is not { Count: > 0 } types) continue;
                foreach (var name in Names(text, tag.Index + tag.Length))
                {
                    seen++;
                    if (!types.Exists(type => Takes(type, name))) wrong.Add($"{file.Name}: <{tag.Groups[1].Value} {name}>");
                }
            }
        }

        Assert.True(seen > 1000, $"Only {seen} attributes were read.");
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(""" Tables='["a", "b"]' Changed="LoadAsync" />""", "Tables Changed")]
    [InlineData(""" Title="@L["x", Of("y > z")]" @ref="list" @bind-Value="it" Wide>""", "Title Value Wide")]
    [InlineData("""  When="c => c.Id > 5" Text='@(many ? "a" : "b")'/>""", "When Text")]
    public void Attributes_are_read_as_they_are_written(string rest, string names) => Assert.Equal(names, string.Join(' ', Names(rest, 0)));

    private static bool Takes(Type type, string name) =>
        type.GetGenericArguments().Any(argument => argument.Name == name) || name == "Context"
        || type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(property =>
            property.GetCustomAttribute<ParameterAttribute>() is { } parameter
                && (parameter.CaptureUnmatchedValues || property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The names of the attributes of a tag, from after its own name on; of directives only what is bound.</summary>
    private static IEnumerable<string> Names(string text, int at)
    {
        while (true)
        {
            while (char.IsWhiteSpace(text[at])) at++;
            if (text[at] is '/' or '>') yield break;
            var begun = at;
            while (!char.IsWhiteSpace(text[at]) && text[at] is not ('=' or '/' or '>')) at++;
            var name = text[begun..at];
            if (text[at] == '=') at = After(text, at + 1);
            if (name.StartsWith("@bind-", StringComparison.Ordinal)) yield return name["@bind-".Length..].Split(':')[0];
            else if (name[0] != '@') yield return name;
        }
    }

    /// <summary>The place after a value: quotes end it, but not within brackets of C#.</summary>
    private static int After(string text, int at)
    {
        var quote = text[at];
        if (quote is not ('"' or '\''))
        {
            while (!char.IsWhiteSpace(text[at]) && text[at] != '>') at++;
            return at;
        }

        for (var depth = 0; ; )
        {
            at++;
            if (text[at] is '(' or '[' or '{') depth++;
            else if (text[at] is ')' or ']' or '}') depth--;
            else if (text[at] == quote && depth <= 0) return at + 1;
        }
    }

    [GeneratedRegex(@"(?<![\w""'])<([A-Z]\w*)(?=[\s/>])")]
    private static partial Regex Tag();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
