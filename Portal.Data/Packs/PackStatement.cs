using Portal.Data.Schema;

namespace Portal.Data.Packs;

/// <summary>
/// What a pack's SQL may say: rows of one table, written out. A pack comes from another administration, and it is run with rights that no
/// stranger is to have: whatever else stands in it is not run.
/// </summary>
internal ref struct PackStatement
{
    private ReadOnlySpan<char> _rest;

    /// <summary>Whether this is an INSERT of written-out values into the table's columns, or the continuation of a file in one row, and no
    /// more.</summary>
    public static bool IsRows(string statement, PackedTable table)
    {
        var name = SchemaConnection.Quote(table.Name);
        var columns = string.Join(", ", table.Columns.Select(SchemaConnection.Quote));
        var scan = new PackStatement { _rest = statement };
        return scan.Take($"INSERT INTO {name} ({columns}) VALUES ")
            ? scan.Tuples(table.Columns.Count)
            : scan.Take($"UPDATE {name} SET ") && scan.Continuation(table);
    }

    private bool Tuples(int columns)
    {
        do
        {
            if (!Take("(")) return false;
            for (var i = 0; i < columns; i++)
            {
                if ((i > 0 && !Take(", ")) || !Value()) return false;
            }

            if (!Take(")")) return false;
        }
        while (Take(", "));
        return Take(";") && _rest.IsEmpty;
    }

    private bool Continuation(PackedTable table)
    {
        if (!Column(table, out var column) || !Take($" = CONCAT({column}, ") || !Value() || !Take(") WHERE ")) return false;
        do
        {
            if (!Column(table, out _) || !Take(" = ") || !Value()) return false;
        }
        while (Take(" AND "));
        return Take(";") && _rest.IsEmpty;
    }

    private bool Column(PackedTable table, out string name)
    {
        foreach (var column in table.Columns)
        {
            name = SchemaConnection.Quote(column);
            if (Take(name)) return true;
        }

        name = "";
        return false;
    }

    /// <summary>NULL, a number, bytes in hexadecimal, or a text in which every quote and backslash is escaped.</summary>
    private bool Value()
    {
        if (Take("NULL")) return true;
        if (Take("0x"))
        {
            var bytes = _rest.IndexOfAnyExcept("0123456789abcdef");
            if (bytes <= 0) return false;
            _rest = _rest[bytes..];
            return true;
        }

        if (!Take("'"))
        {
            var digits = _rest.IndexOfAnyExcept("0123456789+-.E");
            if (digits <= 0) return false;
            _rest = _rest[digits..];
            return true;
        }

        while (true)
        {
            var end = _rest.IndexOfAny('\'', '\\');
            if (end < 0) return false;
            if (_rest[end] == '\'')
            {
                _rest = _rest[(end + 1)..];
                return true;
            }

            if (end + 1 >= _rest.Length) return false;
            _rest = _rest[(end + 2)..];
        }
    }

    private bool Take(string text)
    {
        if (!_rest.StartsWith(text, StringComparison.Ordinal)) return false;
        _rest = _rest[text.Length..];
        return true;
    }
}
