namespace Portal.Data.Bank;

/// <summary>How a bank writes its files. Columns count from 1; null: there is none.</summary>
/// <param name="Separator">Between columns; of a workbook it means nothing.</param>
/// <param name="Encoding"><c>utf-8</c> or <c>windows-1252</c>; a file that begins with a mark of its own is read by that.</param>
/// <param name="HeaderRows">Rows before the first line.</param>
/// <param name="Date">Column of the day.</param>
/// <param name="Text">Column of what the bank calls it.</param>
/// <param name="Amount">Column of the sum with its sign; null where there are <paramref name="Debit"/> and
/// <paramref name="Credit"/>.</param>
/// <param name="Debit">Column of what went out.</param>
/// <param name="Credit">Column of what came in.</param>
/// <param name="Balance">Column of what is left after the line.</param>
/// <param name="DateFormat">As .NET writes it: <c>dd/MM/yyyy</c>.</param>
/// <param name="DecimalComma"><c>1.234,56</c>; otherwise <c>1,234.56</c>.</param>
public sealed record BankFormat(
    char Separator, string Encoding, int HeaderRows, int Date, int? Text, int? Reference, int? Amount, int? Debit, int? Credit,
    int? Balance, string DateFormat, bool DecimalComma)
{
    public const string Utf8 = "utf-8", Windows = "windows-1252";

    public static IReadOnlyList<char> Separators { get; } = [';', ',', '\t', '|'];

    public static IReadOnlyList<string> Encodings { get; } = [Utf8, Windows];

    /// <summary>The day before the month comes first: where both fit, it is what this country writes.</summary>
    public static IReadOnlyList<string> DateFormats { get; } =
    [
        "dd/MM/yyyy", "d/M/yyyy", "dd-MM-yyyy", "yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd", "dd/MM/yy", "dd.MM.yyyy", "MM/dd/yyyy", "ddMMyyyy",
    ];

    /// <summary>The columns and formats that the file must have; nothing else is trusted of what a page sends.</summary>
    internal bool IsSound =>
        Separators.Contains(Separator) && Encodings.Contains(Encoding) && DateFormats.Contains(DateFormat) && HeaderRows is >= 0 and <= 100
        && Date is >= 1 and <= Most && (Amount is not null || (Debit is not null && Credit is not null))
        && new[] { Text, Reference, Amount, Debit, Credit, Balance }.All(c => c is null or (>= 1 and <= Most));

    private const int Most = 200;
}

/// <summary>Why a row of a file is no line of a bank.</summary>
public enum RowFault
{
    /// <summary>The day is empty or is none in the format.</summary>
    Date,

    /// <summary>The day has not come yet.</summary>
    Future,

    /// <summary>The sum is empty, none, or has more than two decimals.</summary>
    Amount,

    /// <summary>The sum is zero.</summary>
    Zero,

    /// <summary>What went out and what came in are both filled in.</summary>
    Both,
}

/// <summary>A row that cannot be a line.</summary>
/// <param name="Row">From 1, as an editor counts them.</param>
/// <param name="Value">What stood there, shortened.</param>
public sealed record BadRow(int Row, RowFault Fault, string Value);

/// <summary>A line as the file has it.</summary>
/// <param name="Row">From 1, as an editor counts them.</param>
/// <param name="Ordinal">From 1, among those of the day that are the same to the letter.</param>
public sealed record FileLine(int Row, DateOnly Day, decimal Amount, string Reference, string Text, int Ordinal, decimal? Balance);

/// <summary>What a file says.</summary>
/// <param name="Closing">Pesos after its last line, by its own column; null without one.</param>
public sealed record BankFileContent(IReadOnlyList<FileLine> Lines, IReadOnlyList<BadRow> Bad, decimal? Closing);
