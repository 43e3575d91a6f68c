using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Text;
using Portal.Data.Schema;

namespace Portal.Data.Demo;

/// <summary>Fills tables fast: many rows in one INSERT. Values come from the seed alone, never from a person.</summary>
internal sealed class SeedWriter(DbConnection connection)
{
    private const int LargestStatement = 500_000;

    private readonly Dictionary<string, long> _ids = [];
    private readonly List<Table> _tables = [];
    private readonly Dictionary<Enum, string> _choices = [];

    /// <summary>What was written, each once.</summary>
    public IEnumerable<string> Tables => _tables.Select(table => table.Name).Distinct();

    /// <summary>The next id of a table that this seed alone fills.</summary>
    public long NextId(string table) => _ids[table] = _ids.GetValueOrDefault(table) + 1;

    /// <summary>Goes on after rows that are there already.</summary>
    public void StartAfter(string table, long id) => _ids[table] = id;

    /// <summary>
    /// To write rows of a table. Ask for the table that others point at first: what is full takes along what was asked for before it, so
    /// that no row reaches the server ahead of the one it points at.
    /// </summary>
    public Table Into(string table, params string[] columns)
    {
        var opened = new Table(this, table, columns);
        _tables.Add(opened);
        return opened;
    }

    public async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Found out once: millions are written.</summary>
    private string Choice(Enum value)
    {
        if (_choices.TryGetValue(value, out var known)) return known;
        return _choices[value] = value.GetType().GetCustomAttribute<StoredByNameAttribute>() is null
            ? Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)
            : $"'{PortalModel.Snake(value.ToString())}'";
    }

    internal sealed class Table(SeedWriter writer, string name, string[] columns)
    {
        private StringBuilder _sql = new();

        public string Name => name;

        public int Count { get; private set; }

        public async ValueTask AddAsync(CancellationToken ct, params object?[] values)
        {
            if (values.Length != columns.Length)
                throw new ArgumentException($"{name} wants {columns.Length} values, not {values.Length}.", nameof(values));
            _sql.Append(_sql.Length == 0 ? $"INSERT INTO {name} ({string.Join(", ", columns.Select(c => $"`{c}`"))}) VALUES\n(" : ",\n(");
            for (var i = 0; i < values.Length; i++)
            {
                if (i > 0) _sql.Append(", ");
                Literal(values[i]);
            }

            _sql.Append(')');
            Count++;
            if (_sql.Length < LargestStatement) return;
            foreach (var table in writer._tables)
            {
                await table.FlushAsync(ct);
                if (table == this) break;
            }
        }

        public async Task AddAndFlushAsync(CancellationToken ct, params object?[] values)
        {
            await AddAsync(ct, values);
            await FlushAsync(ct);
        }

        public async Task FlushAsync(CancellationToken ct)
        {
            if (_sql.Length == 0) return;
            await writer.ExecuteAsync(_sql.ToString(), ct);
            // Not cleared: each of some forty tables would keep the room of its longest statement.
            _sql = new StringBuilder();
        }

        private void Literal(object? value)
        {
            switch (value)
            {
                case null: _sql.Append("NULL"); break;
                case string text: _sql.Append('\'').Append(text.Replace("\\", "\\\\").Replace("'", "''")).Append('\''); break;
                case bool flag: _sql.Append(flag ? '1' : '0'); break;
                case DateOnly date: _sql.Append(CultureInfo.InvariantCulture, $"'{date:yyyy-MM-dd}'"); break;
                case TimeOnly time: _sql.Append(CultureInfo.InvariantCulture, $"'{time:HH:mm:ss}'"); break;
                case DateTime instant: _sql.Append(CultureInfo.InvariantCulture, $"'{instant:yyyy-MM-dd HH:mm:ss}'"); break;
                case Enum choice: _sql.Append(writer.Choice(choice)); break;
                case byte[] bytes: _sql.Append("0x").Append(Convert.ToHexString(bytes)); break;
                case IFormattable number: _sql.Append(number.ToString(null, CultureInfo.InvariantCulture)); break;
                default: throw new ArgumentException($"The seed cannot write a {value.GetType().Name}.", nameof(value));
            }
        }
    }
}
