using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data.Audit;
using Portal.Data.Backups;
using Portal.Data.Ledger;
using Portal.Data.Operations;
using Portal.Data.Schema;

namespace Portal.Data.Packs;

/// <summary>
/// Writes the whole building into a folder that another installation takes in and a person reads: a sheet of each table, its rows as SQL, every
/// file under its name, the trial balance, and a signature over all of it. It shows one moment, and nobody waits while it is written.
/// </summary>
public sealed partial class PackMaker(BackupLogin login, PackKey key, PortalStore store, BuildingClock clock)
{
    private const int MostInOneInsert = 512 * 1024;

    /// <summary>Bytes of a file that travel in one statement: a server takes 16 MB unless told otherwise, and in SQL each byte is two letters.
    /// </summary>
    private const int Piece = 1024 * 1024;

    private const string Number = "0.############";

    /// <param name="folder">Where the pack's folder is made.</param>
    /// <returns>Its folder and what it says of itself.</returns>
    /// <exception cref="PackException">None was made, and nothing is left of it.</exception>
    public async Task<(string Folder, PackManifest Manifest)> MakeAsync(string folder, CancellationToken ct)
    {
        var target = Path.Combine(Path.GetFullPath(folder), $"pack-{clock.UtcNow:yyyyMMdd-HHmmss}");
        if (Directory.Exists(target)) throw new PackException($"{target} is there already.");
        var making = target + ".making";
        try
        {
            SetFolder.MakePrivate(making);
            var manifest = await WriteAsync(making, ct);

            // No pack without its line in the log.
            var noted = await store.WriteAsync(CurrentUser.System, async (db, token) =>
            {
                await db.WriteEventAsync("building_exported", "settings", null, new { manifest.Rows, key.Fingerprint }, token);
                return Result.Done;
            }, ct);
            if (!noted.Ok) throw new PackException($"That the building was exported could not be written into the audit log: {noted.Error!.Code}.");
            Directory.Move(making, target);
            return (target, manifest);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"The pack cannot be written to {folder}: {failure.Message}", failure);
        }
        catch (MySqlException failure)
        {
            throw new PackException($"The database server broke off: {failure.Message}", failure);
        }
        finally
        {
            if (Directory.Exists(making)) Directory.Delete(making, recursive: true);
        }
    }

    private async Task<PackManifest> WriteAsync(string folder, CancellationToken ct)
    {
        await using var connection = await BackupSession.OpenAsync(login(), ct);
        await connection.ExecuteAsync(PackRows.SetUp, ct);
        await connection.ExecuteAsync("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", ct);
        await connection.ExecuteAsync("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", ct);
        var shape = await DatabaseShape.ReadAsync(connection, ct);
        var schema = await connection.SchemaNumberAsync(ct);
        if (schema != Migration.BuiltIn.Count)
            throw new PackException($"The database has schema {schema}, and this portal is built for {Migration.BuiltIn.Count}: run migrate first.");
        if (await connection.ScalarAsync("SELECT 1 FROM erasures WHERE state = 'waiting' LIMIT 1", ct) is not null)
            throw new PackException("Somebody's data is being erased: export when that is done (Privacy, Erasures), or it would come along.");
        List<PackedTable> tables = [];
        foreach (var name in new[] { "data", "sql", "files" }) Directory.CreateDirectory(Path.Combine(folder, name));
        foreach (var table in shape.Tables.Values.Where(t => !PackTables.LeftOut.ContainsKey(t.Name)).OrderBy(t => t.Name, StringComparer.Ordinal))
            tables.Add(await TableAsync(connection, new PackRows(table), folder, ct));
        await WholeDocumentsAsync(connection, folder, ct);
        await BalancesAsync(connection, folder, ct);
        var building = Convert.ToString(
            await connection.ScalarAsync("SELECT value FROM settings WHERE name = 'name'", ct), CultureInfo.InvariantCulture);
        var books = await BooksAsync(connection, ct);
        var proof = await ProofAsync(store, ct);
        foreach (var (name, text) in PackLetters.Letters(building ?? "", clock.UtcNow))
            await File.WriteAllTextAsync(Path.Combine(folder, name), text, ct);
        var manifest = new PackManifest(
            PackManifest.ThisFormat, building ?? "", schema, connection.ServerVersion, $"Portal {BackupMaker.Version}", clock.UtcNow, tables,
            PackTables.LeftOut.Where(t => shape.Tables.ContainsKey(t.Key)).ToDictionary(), books, proof.Agrees,
            await FilesAsync(folder, ct));
        var bytes = manifest.Write();
        await File.WriteAllBytesAsync(Path.Combine(folder, PackManifest.FileName), bytes, ct);
        await File.WriteAllTextAsync(Path.Combine(folder, PackManifest.Signature), Convert.ToBase64String(key.Sign(bytes)) + "\n", ct);
        await File.WriteAllTextAsync(Path.Combine(folder, PackManifest.Signer), key.PublicPem + "\n", ct);
        return manifest;
    }

    internal static async Task<LedgerProof> ProofAsync(PortalStore store, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        return await LedgerProof.ReadAsync(db, whole: true, ct);
    }

    /// <summary>Figures of the moment that the pack shows; they must be the same where it was taken in.</summary>
    internal static async Task<Dictionary<string, decimal>> BooksAsync(MySqlConnection connection, CancellationToken ct) =>
        (await connection.QueryAsync(
            """
            SELECT 'entries', COUNT(*) FROM journal_entries
            UNION ALL SELECT 'debit', COALESCE(SUM(debit), 0) FROM journal_lines
            UNION ALL SELECT 'credit', COALESCE(SUM(credit), 0) FROM journal_lines
            UNION ALL SELECT 'receivables', COALESCE(SUM(l.debit - l.credit), 0)
                FROM journal_lines AS l INNER JOIN ledger_accounts AS a ON a.id = l.account_id WHERE a.code LIKE '13%'
            UNION ALL SELECT 'owed', COALESCE(SUM(amount + adjusted - paid), 0) FROM charges WHERE status = 'open'
            UNION ALL SELECT 'paid', COALESCE(SUM(amount), 0) FROM payments
            """, r => (Name: r.GetString(0), Value: Convert.ToDecimal(r.GetValue(1), CultureInfo.InvariantCulture)), ct))
        .ToDictionary(line => line.Name, line => line.Value, StringComparer.Ordinal);

    internal static async Task<List<PackedFile>> FilesAsync(string folder, CancellationToken ct)
    {
        List<PackedFile> files = [];
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (name is PackManifest.FileName or PackManifest.Signature or PackManifest.Signer) continue;
            var state = await FileState.OfAsync(path, ct);
            files.Add(new PackedFile(name, state.Bytes, state.Sha256));
        }

        return files;
    }

    private static async Task<PackedTable> TableAsync(MySqlConnection connection, PackRows table, string folder, CancellationToken ct)
    {
        var columns = table.Columns;
        var shown = Enumerable.Range(0, columns.Count)
            .Where(i => !PackRows.IsBytes(columns[i]) && !PackTables.IsForNoEyes(table.Name, columns[i].Name)).ToList();
        var head = $"INSERT INTO {SchemaConnection.Quote(table.Name)} ({string.Join(", ", columns.Select(c => SchemaConnection.Quote(c.Name)))}) VALUES ";
        await using var csv = Sheet(Path.Combine(folder, "data", table.Name + ".csv"));
        await using var file = File.Create(Path.Combine(folder, "sql", table.Name + ".sql.gz"));
        await using var packed = new GZipStream(file, CompressionLevel.Optimal);
        await using var sql = new StreamWriter(packed, new UTF8Encoding(false)) { NewLine = "\n" };
        csv.WriteRecord([.. shown.Select(i => columns[i].Name)]);
        var open = 0;
        var (rows, hash) = await table.ReadAsync(connection, async cells =>
        {
            foreach (var i in shown)
            {
                var text = (string?)cells[i] ?? "";
                if (text.Length > 0 && IsNumber(columns[i].Type)) csv.WriteField(decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), Number);
                else csv.WriteField(text);
            }

            csv.EndRecord();
            var values = $"({string.Join(", ", cells.Select((c, i) => Literal(c is byte[] { Length: > Piece } all ? all[..Piece] : c, columns[i])))})";
            await sql.WriteAsync(open == 0 ? head : ", ");
            await sql.WriteAsync(values);
            open += values.Length;
            var rest = table.Rest(cells, Piece).ToList();
            if (open > MostInOneInsert || rest.Count > 0)
            {
                await sql.WriteLineAsync(";");
                open = 0;
            }

            foreach (var (column, piece) in rest)
            {
                var name = SchemaConnection.Quote(columns[column].Name);
                await sql.WriteLineAsync(
                    $"UPDATE {SchemaConnection.Quote(table.Name)} SET {name} = CONCAT({name}, {Literal(piece, columns[column])}) WHERE "
                        + string.Join(" AND ", table.Key.Select(k => $"{SchemaConnection.Quote(columns[k].Name)} = {Literal(cells[k], columns[k])}")) + ";");
            }

            await FileOfAsync(table, cells, folder, ct);
        }, ct);
        if (open > 0) await sql.WriteLineAsync(";");
        return new PackedTable(table.Name, [.. columns.Select(c => c.Name)], rows, hash);
    }

    /// <summary>One statement is one line: no text has a line's end of its own.</summary>
    private static string Literal(object? cell, ColumnShape column) => cell switch
    {
        null => "NULL",
        byte[] { Length: 0 } => "''",
        byte[] bytes => "0x" + Convert.ToHexStringLower(bytes),
        string number when IsNumber(column.Type) => number,
        string text => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\0", "\\0", StringComparison.Ordinal) + "'",
        _ => throw new InvalidOperationException(),
    };

    private static bool IsNumber(string type) => type.Split('(', ' ')[0]
        is "tinyint" or "smallint" or "mediumint" or "int" or "bigint" or "decimal" or "float" or "double" or "boolean";

    /// <summary>What people uploaded, under the name they gave it. Documents lie in parts and are put together apart.</summary>
    private static async ValueTask FileOfAsync(PackRows table, object?[] cells, string folder, CancellationToken ct)
    {
        if (table.Name is "document_parts" or "survey_sealed_answers") return;
        var (id, content, name, type) = (At("id"), At("content"), At("file_name"), At("content_type"));
        if (id < 0 || content < 0 || cells[content] is not byte[] bytes) return;
        await WriteFileAsync(
            folder, table.Name, (string)cells[id]!, name < 0 ? null : (string?)cells[name], type < 0 ? null : (string?)cells[type], bytes, ct);

        int At(string column) => table.Columns.TakeWhile(c => c.Name != column).Count() is var at && at < table.Columns.Count ? at : -1;
    }

    private static async Task WriteFileAsync(
        string folder, string table, string id, string? name, string? type, byte[] bytes, CancellationToken ct)
    {
        var into = Path.Combine(folder, "files", table);
        Directory.CreateDirectory(into);
        name = name is null ? $"{id}.{Ending(type)}" : $"{id}-{Unsafe().Replace(name, "_")}";

        // A name has 255 bytes at most, and a letter up to three.
        if (name.Length > 80) name = name[..40] + name[^40..];
        await using var file = new FileStream(Path.Combine(into, name), FileMode.Append);
        await file.WriteAsync(bytes, ct);
    }

    private static string Ending(string? type) => type switch
    {
        "image/jpeg" => "jpg", "image/png" => "png", "image/webp" => "webp", "application/pdf" => "pdf", _ => "bin",
    };

    private static async Task WholeDocumentsAsync(MySqlConnection connection, string folder, CancellationToken ct)
    {
        await using var command = new MySqlCommand(
            """
            SELECT v.id, v.file_name, p.content FROM document_parts AS p INNER JOIN document_versions AS v ON v.id = p.version_id
            ORDER BY v.id, p.number
            """, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            await WriteFileAsync(
                folder, "documents", reader.GetInt64(0).ToString(CultureInfo.InvariantCulture), reader.GetString(1), null,
                (byte[])reader.GetValue(2), ct);
        }
    }

    /// <summary>Each account with what was ever posted to it.</summary>
    private static async Task BalancesAsync(MySqlConnection connection, string folder, CancellationToken ct)
    {
        var lines = await connection.QueryAsync(
            """
            SELECT a.code, a.name, COALESCE(SUM(l.debit), 0), COALESCE(SUM(l.credit), 0)
            FROM ledger_accounts AS a LEFT JOIN journal_lines AS l ON l.account_id = a.id
            GROUP BY a.id, a.code, a.name ORDER BY a.code
            """, r => (Code: r.GetString(0), Name: r.GetString(1), Debit: r.GetDecimal(2), Credit: r.GetDecimal(3)), ct);
        await using var csv = Sheet(Path.Combine(folder, "trial-balance.csv"));
        csv.WriteRecord(["code", "name", "debit", "credit", "balance"]);
        foreach (var (code, name, debit, credit) in lines.Append(("", "", lines.Sum(l => l.Debit), lines.Sum(l => l.Credit))))
        {
            csv.WriteField(code);
            csv.WriteField(name);
            foreach (var pesos in new[] { debit, credit, debit - credit }) csv.WriteField(pesos, "0.00");
            csv.EndRecord();
        }
    }

    /// <summary>With commas, in UTF-8; a text that begins like a formula is no formula where it is opened.</summary>
    private static CsvWriter Sheet(string path) => CsvWriter.Create(File.Create(path), CsvWriterOptions.Default with
    {
        Separator = ',', WriteByteOrderMark = true, Injection = CsvInjection.Escape, InjectionCharacters = "=+-@\t\r\n",
    });

    [GeneratedRegex(@"[^\p{L}\p{Nd}. _()-]")]
    private static partial Regex Unsafe();
}
