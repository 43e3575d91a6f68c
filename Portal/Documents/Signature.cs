using Portal.Documents.Drawing;
using Portal.Documents.Layout;

namespace Portal.Documents;

/// <summary>Who signs a paper.</summary>
/// <param name="As">In which role, or with which document.</param>
/// <param name="For">For whom; null for oneself.</param>
public sealed record Signer(string Name, string? As, string? For);

/// <summary>Lines to sign on, side by side, kept whole.</summary>
internal static class Signature
{
    private const double Room = 34;
    private const double Width = 210;

    public static Block Of(params Signer[] signers) => new Columns(
        30, Upright.Top,
        [.. signers.Select(s => (ColumnWidth.Fixed(Width), (Block)new Stack(
            0, [new Gap(Room), new Rule(Ink.StrongLine), new Gap(5), .. Lines(s)])))]);

    private static IEnumerable<Block> Lines(Signer signer)
    {
        yield return new Words(signer.Name, TextStyle.BodyStrong, mostLines: 2);
        foreach (var line in new[] { signer.As, signer.For }.Where(text => !string.IsNullOrWhiteSpace(text)))
            yield return new Words(line!, TextStyle.BodySoft, mostLines: 2);
    }
}
