using System.Globalization;
using System.Text;

namespace Portal.Data.Mail;

/// <summary>One mail, in two forms that say the same.</summary>
/// <param name="Id">The Message-ID without its brackets. The same for the same mail however often it is sent, so that a mailbox can tell a
/// second copy.</param>
/// <param name="Date">UTC.</param>
/// <param name="Unsubscribe">The address where the reader chooses what he gets; null where the portal does not know its own.</param>
public sealed record Letter(
    string From, string FromName, string To, string Subject, string Text, string Html, string Language, string Id, DateTime Date,
    string? Unsubscribe)
{
    private const int Words = 42;

    /// <summary>
    /// As it goes over the wire: ASCII, CRLF, short lines. What people wrote is encoded, so no line end in it can become a header.
    /// </summary>
    public byte[] ToMime()
    {
        var boundary = "=_" + Id.Split('@')[0];
        var mime = new StringBuilder();
        void Line(string line) => mime.Append(line).Append("\r\n");
        Line("Date: " + Date.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Line($"From: {Encoded(FromName)}\r\n <{From}>");
        Line($"To: <{To}>");
        Line("Subject: " + Encoded(Subject));
        Line($"Message-ID: <{Id}>");
        Line("Auto-Submitted: auto-generated");
        Line("Content-Language: " + Language);
        if (Unsubscribe is not null) Line($"List-Unsubscribe: <{Unsubscribe}>");
        Line("MIME-Version: 1.0");
        Line($"Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"");
        Line("");
        foreach (var (kind, body) in new[] { ("plain", Text), ("html", Html) })
        {
            Line("--" + boundary);
            Line($"Content-Type: text/{kind}; charset=utf-8");
            Line("Content-Transfer-Encoding: base64");
            Line("");
            Line(Convert.ToBase64String(Encoding.UTF8.GetBytes(body.ReplaceLineEndings("\r\n")), Base64FormattingOptions.InsertLineBreaks));
        }

        Line($"--{boundary}--");
        return Encoding.ASCII.GetBytes(mime.ToString());
    }

    /// <summary>RFC 2047: words of at most 75 letters, each whole in itself. A line end counts as a space.</summary>
    private static string Encoded(string text)
    {
        var words = new List<string>();
        var word = new List<byte>();
        Span<byte> letter = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = letter[..(Rune.IsControl(rune) ? new Rune(' ') : rune).EncodeToUtf8(letter)];
            if (word.Count + bytes.Length > Words)
            {
                words.Add(Convert.ToBase64String([.. word]));
                word.Clear();
            }

            word.AddRange(bytes);
        }

        words.Add(Convert.ToBase64String([.. word]));
        return string.Join("\r\n ", words.Select(w => $"=?utf-8?B?{w}?="));
    }
}
