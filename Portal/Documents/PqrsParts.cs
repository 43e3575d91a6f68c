using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>What the papers about a case share.</summary>
internal static class PqrsParts
{
    public static string Petitioner(PqrsCase filed) =>
        string.IsNullOrWhiteSpace(filed.Role) ? filed.Petitioner : $"{filed.Petitioner}, {filed.Role}";

    /// <summary>What was asked, in full, over as many pages as it takes.</summary>
    public static void Request(Flow flow, string title, PqrsCase filed, Wording words)
    {
        flow.Add(Headings.Of(title), before: 18, keep: 30);
        flow.AddText(new Words(filed.Text, TextStyle.Body), before: 4);
        Attachments(flow, filed.Attachments, words);
    }

    public static void Attachments(
        Flow flow, IReadOnlyList<string> names, Wording words, double indent = 0, Action<Canvas, double, double, double>? beside = null)
    {
        if (names.Count > 0)
        {
            flow.AddText(
                new Words(words["report.attachments", string.Join(", ", names)], TextStyle.SmallMute), before: beside is null ? 3 : 0,
                indent: indent, beside: beside);
        }
    }
}
