using System.Text;

namespace Portal.Data.Schema;

/// <summary>Cuts a migration file into the statements a server takes one by one: quotes, comments and the client's
/// <c>DELIMITER</c> lines are understood, so a trigger's BEGIN..END stays whole.</summary>
public static class SqlScript
{
    public static IReadOnlyList<string> Split(string script)
    {
        List<string> statements = [];
        var statement = new StringBuilder();
        var delimiter = ";";
        var at = 0;
        while (at < script.Length)
        {
            if (AtLineStart(script, at) && TakeDelimiterLine(script, ref at) is { } changed)
            {
                delimiter = changed;
            }
            else if (Matches(script, at, delimiter))
            {
                Close(statements, statement);
                at += delimiter.Length;
            }
            else
            {
                var length = TokenLength(script, at);
                // A comment before a statement is the file's; inside one it belongs to what the server stores.
                if (statement.Length > 0 || !IsComment(script, at) && !char.IsWhiteSpace(script[at]))
                {
                    statement.Append(script, at, length);
                }
                at += length;
            }
        }
        Close(statements, statement);
        return statements;
    }

    private static void Close(List<string> statements, StringBuilder statement)
    {
        var text = statement.ToString().Trim();
        if (text.Length > 0)
        {
            statements.Add(text);
        }
        statement.Clear();
    }

    private static bool AtLineStart(string script, int at) => at == 0 || script[at - 1] == '\n';

    private static string? TakeDelimiterLine(string script, ref int at)
    {
        const string Word = "DELIMITER ";
        if (string.Compare(script, at, Word, 0, Word.Length, StringComparison.OrdinalIgnoreCase) != 0)
        {
            return null;
        }
        var end = LineEnd(script, at);
        var delimiter = script[(at + Word.Length)..end].Trim();
        at = end;
        return delimiter;
    }

    /// <summary>Length of what starts here and must not be cut: a quoted text, a comment, or one character.</summary>
    private static int TokenLength(string script, int at) => script[at] switch
    {
        '\'' or '"' or '`' => QuotedLength(script, at),
        _ when IsLineComment(script, at) => LineEnd(script, at) - at,
        _ when Matches(script, at, "/*") => BlockCommentLength(script, at),
        _ => 1,
    };

    private static int QuotedLength(string script, int start)
    {
        var quote = script[start];
        for (var at = start + 1; at < script.Length; at++)
        {
            if (script[at] == '\\' && quote != '`')
            {
                at++;
            }
            else if (script[at] == quote)
            {
                if (at + 1 < script.Length && script[at + 1] == quote)
                {
                    at++;
                }
                else
                {
                    return at - start + 1;
                }
            }
        }
        return script.Length - start;
    }

    private static int BlockCommentLength(string script, int at)
    {
        var end = script.IndexOf("*/", at + 2, StringComparison.Ordinal);
        return (end < 0 ? script.Length : end + 2) - at;
    }

    private static bool IsComment(string script, int at) => IsLineComment(script, at) || Matches(script, at, "/*");

    private static bool IsLineComment(string script, int at) =>
        script[at] == '#' || Matches(script, at, "--") && (at + 2 >= script.Length || char.IsWhiteSpace(script[at + 2]));

    private static int LineEnd(string script, int at)
    {
        var end = script.IndexOf('\n', at);
        return end < 0 ? script.Length : end;
    }

    private static bool Matches(string script, int at, string text) =>
        string.CompareOrdinal(script, at, text, 0, text.Length) == 0;
}
