using System.Globalization;

namespace Portal.Documents.TableExport;

/// <summary>What a column holds, so that a spreadsheet can add, sort and filter it.</summary>
public enum ExportKind
{
    /// <summary>Text; anything else is written with its <c>ToString</c> in the reader's culture.</summary>
    Text,

    /// <summary>A whole or decimal number.</summary>
    Number,

    /// <summary>A number of pesos.</summary>
    Money,

    /// <summary>A rate already in per cent: 1.98 stays 1.98.</summary>
    Percent,

    /// <summary>A <see cref="DateOnly"/>, or the day of a <see cref="DateTime"/>.</summary>
    Date,

    /// <summary>A <see cref="DateTime"/> on the building's wall clock.</summary>
    DateAndTime,
}

/// <summary>A column of an export.</summary>
/// <param name="Title">In the reader's language.</param>
/// <param name="Value">The cell of a row; null leaves it empty. Of the type that <paramref name="Kind"/> asks for.</param>
public sealed record ExportColumn<TRow>(string Title, ExportKind Kind, Func<TRow, object?> Value)
{
    /// <summary>The cell as a number, for the kinds that have one; null if it is empty.</summary>
    /// <exception cref="InvalidCastException">The column's value is not of its kind.</exception>
    internal decimal? Number(TRow row) => Value(row) is { } value ? Convert.ToDecimal(value, CultureInfo.InvariantCulture) : null;

    /// <summary>The cell as a moment, for the kinds that have one; null if it is empty.</summary>
    /// <exception cref="InvalidCastException">The column's value is not of its kind.</exception>
    internal DateTime? Moment(TRow row) =>
        Value(row) switch
        {
            null => null,
            DateOnly day => day.ToDateTime(TimeOnly.MinValue),
            DateTime moment => moment,
            var other => throw new InvalidCastException(
                $"Column '{Title}' is {Kind} but holds a {other.GetType().Name}: give a DateOnly or a DateTime on the building's wall clock."
            ),
        };

    /// <summary>The cell as text; empty if there is none.</summary>
    internal string Text(TRow row, CultureInfo culture) => Convert.ToString(Value(row), culture) ?? "";
}
