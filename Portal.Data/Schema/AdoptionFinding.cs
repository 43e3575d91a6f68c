namespace Portal.Data.Schema;

/// <summary>Something that stands between an older database and the document.</summary>
/// <param name="Text">What was found where, in which rows, and what it means.</param>
/// <param name="Mends">Statements that put it right, to be run as they stand and in this order; none where only a person can know.</param>
internal sealed record AdoptionFinding(string Text, IReadOnlyList<string> Mends)
{
    public AdoptionFinding(string text, params string[] mends)
        : this(text, (IReadOnlyList<string>)mends) { }

    /// <summary>The text, and under it each statement on a line of its own, indented by four blanks.</summary>
    public override string ToString() => Text + string.Concat(Mends.Select(statement => $"\n    {statement};"));
}
