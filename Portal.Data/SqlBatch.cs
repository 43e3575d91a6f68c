using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Portal.Data;

/// <summary>
/// Several statements that go to the server in one trip, on the connection and in the transaction of a context. For what is asked together
/// under a lock, where each trip more
/// is a time more that others wait. Values are always parameters.
/// </summary>
internal sealed class SqlBatch
{
    private readonly StringBuilder _sql = new();
    private readonly List<object?> _values = [];
    private readonly List<Func<DbDataReader, CancellationToken, Task>> _readers = [];

    /// <summary>Adds a SELECT; its rows are handed to <paramref name="row"/> one by one.</summary>
    /// <param name="sql">Interpolated: what is between braces becomes a parameter, a list of ids a list of parameters.</param>
    public SqlBatch Select(FormattableString sql, Action<DbDataReader> row)
    {
        Append(sql);
        _readers.Add(async (reader, ct) =>
        {
            while (await reader.ReadAsync(ct)) row(reader);
        });
        return this;
    }

    private void Append(FormattableString sql)
    {
        var names = sql.GetArguments().Select(object (value) => value switch
        {
            SqlText raw => raw.Text,
            IReadOnlyCollection<long> ids => ids.Count == 0 ? "NULL" : string.Join(", ", ids.Select(id => Parameter(id))),
            _ => Parameter(value),
        }).ToArray();
        _sql.Append(string.Format(CultureInfo.InvariantCulture, sql.Format, names)).Append(";\n");
    }

    /// <summary>Adds a statement that gives no rows.</summary>
    public SqlBatch Then(FormattableString sql)
    {
        Append(sql);
        return this;
    }

    /// <summary>Adds an INSERT of several rows.</summary>
    /// <param name="head">Everything before the rows; never anything that came from outside.</param>
    /// <param name="rows">Their values, in the order of the columns.</param>
    /// <param name="tail">A last value of each row that the server knows, such as a variable; never anything that came from outside.</param>
    /// <param name="end">What follows the rows; never anything that came from outside.</param>
    public SqlBatch ThenInsert(string head, IEnumerable<object?[]> rows, string? tail = null, string? end = null)
    {
        var last = tail is null ? "" : ", " + tail;
        _sql.Append(head).AppendJoin(", ", rows.Select(row => $"({string.Join(", ", row.Select(Value))}{last})")).Append(end).Append(";\n");
        return this;
    }

    public async Task RunAsync(PortalDb db, CancellationToken ct)
    {
        if (_sql.Length == 0) return;
        var command = db.GetService<IRawSqlCommandBuilder>().Build(_sql.ToString(), _values!, db.Model);
        var parameters = new RelationalCommandParameterObject(
            db.GetService<IRelationalConnection>(), command.ParameterValues, readerColumns: null, db,
            db.GetService<IRelationalCommandDiagnosticsLogger>(), CommandSource.FromSqlQuery);
        await using var result = await command.RelationalCommand.ExecuteReaderAsync(parameters, ct);
        var reader = result.DbDataReader;
        for (var i = 0; i < _readers.Count; i++)
        {
            if (i > 0 && !await reader.NextResultAsync(ct))
                throw new InvalidOperationException(
                    $"The batch gave {i} results where {_readers.Count} were asked for; one of its SELECTs gives none."
                );
            await _readers[i](reader, ct);
        }

        // What a later statement has to say, also that it failed, is heard only by who goes on to its result.
        while (await reader.NextResultAsync(ct)) { }
    }

    /// <summary>What can be nothing but a number, a time or nothing is written out: of thousands of rows a parameter for each costs the
    /// process more than the server.</summary>
    private string Value(object? value) => value switch
    {
        null => "NULL",
        bool yes => yes ? "1" : "0",
        int or long or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        DateOnly day => string.Create(CultureInfo.InvariantCulture, $"'{day:yyyy-MM-dd}'"),
        DateTime at => string.Create(CultureInfo.InvariantCulture, $"'{at:yyyy-MM-dd HH:mm:ss.ffffff}'"),
        _ => Parameter(value),
    };

    private string Parameter(object? value)
    {
        _values.Add(value);
        return $"{{{_values.Count - 1}}}";
    }
}

/// <summary>A piece of SQL of our own within a statement of a <see cref="SqlBatch"/>; never anything that came from outside.</summary>
internal sealed record SqlText(string Text);
