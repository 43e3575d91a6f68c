using Portal.Documents.Drawing;

namespace Portal.Documents.Layout;

/// <summary>
/// Names and values in two columns, between hairlines. A value that is null or blank is left out and those after it move up,
/// so that a document never shows an empty label.
/// </summary>
internal static class Facts
{
    private const double LeftLabel = 84;
    private const double RightLabel = 66;

    public static Block Of(params (string Name, string? Value)[] facts)
    {
        var shown = facts.Where(fact => !string.IsNullOrWhiteSpace(fact.Value)).Select(fact => (fact.Name, Value: fact.Value!)).ToArray();
        var rows = new List<Block>();
        for (var i = 0; i < shown.Length; i += 2)
        {
            var right = i + 1 < shown.Length ? shown[i + 1] : (Name: " ", Value: " ");
            rows.Add(new Columns(9, Upright.Top,
                (ColumnWidth.Fixed(LeftLabel), Name(shown[i].Name)), (ColumnWidth.Part(), Value(shown[i].Value)),
                (ColumnWidth.Fixed(RightLabel), Name(right.Name)), (ColumnWidth.Part(), Value(right.Value))));
        }

        return new Stack(0, new Rule(Ink.Line), new Gap(11), new Stack(5.5, [.. rows]), new Gap(11), new Rule(Ink.Line));
    }

    private static Words Name(string text) => new(text, TextStyle.BodyMute with { Leading = 13.5 });

    private static Words Value(string text) => new(text, TextStyle.BodyMedium with { Leading = 13.5 }, mostLines: 12);
}
