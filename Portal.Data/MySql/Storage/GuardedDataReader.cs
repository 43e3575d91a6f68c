using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Portal.Data.MySql.Storage;

/// <summary>The driver's reader, under the watch of its command: a cancelled token or a silent server also ends the reading of rows.</summary>
internal sealed class GuardedDataReader(DbDataReader inner, MySqlCommandWatch watch) : DbDataReader
{
    private bool _released;

    public override int FieldCount => inner.FieldCount;

    public override bool HasRows => inner.HasRows;

    public override bool IsClosed => inner.IsClosed;

    public override int RecordsAffected => inner.RecordsAffected;

    public override int Depth => inner.Depth;

    public override int VisibleFieldCount => inner.VisibleFieldCount;

    public override object this[int ordinal] => inner[ordinal];

    public override object this[string name] => inner[name];

    public override bool Read() => Guarded(inner.Read);

    public override bool NextResult() => Guarded(inner.NextResult);

    public override Task<bool> ReadAsync(CancellationToken cancellationToken)
        => GuardedAsync(inner.ReadAsync(CancellationToken.None));

    public override Task<bool> NextResultAsync(CancellationToken cancellationToken)
        => GuardedAsync(inner.NextResultAsync(CancellationToken.None));

    public override void Close()
    {
        try
        {
            inner.Close();
        }
        catch (Exception) when (watch.Fired)
        {
            // The kill that was asked for; whoever was reading has been told already.
        }

        if (!_released)
        {
            _released = true;
            watch.Finish();
            watch.Settle();
        }
    }

    public override async Task CloseAsync()
    {
        try
        {
            await inner.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception) when (watch.Fired)
        {
            // As in Close.
        }

        if (!_released)
        {
            _released = true;
            await watch.FinishAsync().ConfigureAwait(false);
            watch.Settle();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    public override bool GetBoolean(int ordinal) => inner.GetBoolean(ordinal);

    public override byte GetByte(int ordinal) => inner.GetByte(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
        => inner.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);

    public override char GetChar(int ordinal) => inner.GetChar(ordinal);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length)
        => inner.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);

    public override string GetDataTypeName(int ordinal) => inner.GetDataTypeName(ordinal);

    public override DateTime GetDateTime(int ordinal) => inner.GetDateTime(ordinal);

    public override decimal GetDecimal(int ordinal) => inner.GetDecimal(ordinal);

    public override double GetDouble(int ordinal) => inner.GetDouble(ordinal);

    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public override Type GetFieldType(int ordinal) => inner.GetFieldType(ordinal);

    public override T GetFieldValue<T>(int ordinal) => inner.GetFieldValue<T>(ordinal);

    public override float GetFloat(int ordinal) => inner.GetFloat(ordinal);

    public override Guid GetGuid(int ordinal) => inner.GetGuid(ordinal);

    public override short GetInt16(int ordinal) => inner.GetInt16(ordinal);

    public override int GetInt32(int ordinal) => inner.GetInt32(ordinal);

    public override long GetInt64(int ordinal) => inner.GetInt64(ordinal);

    public override string GetName(int ordinal) => inner.GetName(ordinal);

    public override int GetOrdinal(string name) => inner.GetOrdinal(name);

    public override DataTable? GetSchemaTable() => inner.GetSchemaTable();

    public override Stream GetStream(int ordinal) => inner.GetStream(ordinal);

    public override string GetString(int ordinal) => inner.GetString(ordinal);

    public override object GetValue(int ordinal) => inner.GetValue(ordinal);

    public override int GetValues(object[] values) => inner.GetValues(values);

    public override bool IsDBNull(int ordinal) => inner.IsDBNull(ordinal);

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Guarded(Func<bool> step)
    {
        watch.EnterWait();
        try
        {
            return Believed(step());
        }
        catch (Exception error) when (watch.Fired && error is not (OperationCanceledException or TimeoutException))
        {
            throw watch.Reason(error);
        }
        finally
        {
            watch.LeaveWait();
        }
    }

    private Task<bool> GuardedAsync(Task<bool> step)
        => step.IsCompletedSuccessfully && !watch.Fired ? step : WaitAsync(step);

    private async Task<bool> WaitAsync(Task<bool> step)
    {
        watch.EnterWait();
        try
        {
            return Believed(await step.ConfigureAwait(false));
        }
        catch (Exception error) when (watch.Fired && error is not (OperationCanceledException or TimeoutException))
        {
            throw watch.Reason(error);
        }
        finally
        {
            watch.LeaveWait();
        }
    }

    // A killed query can end like a finished one; its missing rows must not pass for an answer.
    private bool Believed(bool result) => watch.Fired ? throw watch.Reason(null) : result;
}
